#include "api/pagination.h"

#include <algorithm>

namespace mishap {
namespace {

std::optional<std::int64_t> ParseSigned(std::string_view text) {
  bool negative = text.starts_with('-');
  auto digits = ParseDigits(negative ? text.substr(1) : text);
  if (!digits) return std::nullopt;
  return negative ? -*digits : *digits;
}

// Keeps the client's spelling; escapes what would break the header.
void AppendSafe(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != ',' && c != '<' && c != '>' && c != '"') {
      out.push_back(c);
      continue;
    }
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
}

std::string QueryWithoutCursor(std::string_view raw) {
  std::string out;
  while (raw.starts_with('?')) raw.remove_prefix(1);
  while (!raw.empty()) {
    auto end = raw.find('&');
    auto pair = raw.substr(0, end);
    if (!pair.empty() && pair != "cursor" && !pair.starts_with("cursor=")) {
      AppendSafe(out, pair);
      out.push_back('&');
    }
    if (end == std::string_view::npos) break;
    raw.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string Cursor::ToString() const {
  return std::to_string(value) + ":" + std::to_string(offset) + (backwards ? ":1" : ":0");
}

Result<std::optional<Cursor>> ParseCursor(const QueryParams& query) {
  auto text = query.GetOr("cursor", "");
  if (text.empty()) return std::optional<Cursor>();
  auto first = text.find(':');
  auto second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second != std::string::npos) {
    std::string_view view = text;
    auto value = ParseSigned(view.substr(0, first));
    auto offset = ParseDigits(view.substr(first + 1, second - first - 1));
    auto backwards = view.substr(second + 1);
    if (value && offset && (backwards == "0" || backwards == "1")) {
      return Cursor{*value, *offset, backwards == "1"};
    }
  }
  return Fail(Reason::kInvalidArgument, "Invalid cursor parameter.");
}

Result<int> ParsePageSize(const QueryParams& query) {
  for (std::string_view name : {"limit", "per_page"}) {
    auto text = query.GetOr(name, "");
    if (text.empty()) continue;
    auto value = ParseDigits(text);
    if (!value || *value < 1) {
      return Fail(Reason::kInvalidArgument, std::string(name) + " must be a positive integer.");
    }
    return static_cast<int>(std::min<std::int64_t>(*value, kPageSizeMax));
  }
  return kPageSizeMax;
}

std::string LinkHeader(std::string_view public_url, const HttpMessageRequest& request,
                       const PageLinks& links) {
  std::string base = "<" + std::string(public_url);
  AppendSafe(base, request.path);
  base += "?" + QueryWithoutCursor(request.query) + "cursor=";
  auto entry = [&](const Cursor& cursor, std::string_view rel, bool results) {
    auto text = cursor.ToString();
    std::string out = base + text + ">; rel=\"";
    out.append(rel).append(results ? "\"; results=\"true\"" : "\"; results=\"false\"");
    out.append("; cursor=\"").append(text).append("\"");
    return out;
  };
  return entry(links.previous, "previous", links.has_previous) + ", " +
         entry(links.next, "next", links.has_next);
}

OffsetPage CutPage(std::size_t total, const std::optional<Cursor>& cursor, int page_size) {
  auto size = static_cast<std::size_t>(page_size);
  OffsetPage page;
  page.begin = cursor ? std::min(static_cast<std::size_t>(cursor->offset), total) : 0;
  page.end = std::min(page.begin + size, total);
  auto before = page.begin > size ? page.begin - size : 0;
  page.links.previous = {0, static_cast<std::int64_t>(before), true};
  page.links.has_previous = page.begin > 0;
  page.links.next = {0, static_cast<std::int64_t>(page.end), false};
  page.links.has_next = page.end < total;
  return page;
}

}  // namespace mishap
