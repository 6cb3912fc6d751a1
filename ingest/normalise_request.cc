// The HTTP request an event belongs to: URL taken apart, names in one spelling, bodies as data
// where they are data.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "event/query_text.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

bool IsMethod(std::string_view method) {
  return method.size() >= 3 && method.size() <= 32 &&
         std::all_of(method.begin(), method.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

void NormalizeMethod(Event& event, std::string& method) {
  for (char& c : method) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (method.empty() || IsMethod(method)) return;
  AddEventError(event, "invalid_data", "request.method", method);
  method.clear();
}

// Fragment and query leave the URL; the client's own fields win.
void SplitUrl(HttpRequest& request) {
  std::size_t hash = request.url.find('#');
  if (hash != std::string::npos) {
    if (request.fragment.empty()) request.fragment = request.url.substr(hash + 1);
    request.url.resize(hash);
  }
  std::size_t question = request.url.find('?');
  if (question != std::string::npos) {
    if (request.query_string.empty()) {
      request.query_string = ParseQueryString(std::string_view(request.url).substr(question));
    }
    request.url.resize(question);
  }
}

// "x-forwarded-for" -> "X-Forwarded-For"; other letters stay.
void SpellHeader(std::string& name) {
  bool start = true;
  for (char& c : name) {
    if (start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    start = c == '-';
  }
}

std::string_view HeaderValue(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

void NormalizeHeaders(HttpRequest& request) {
  for (auto& [name, value] : request.headers) SpellHeader(name);
  std::erase_if(request.headers, [&](const NamedText& header) {
    if (header.first != "Cookie") return false;
    if (request.cookies.empty()) request.cookies = ParseCookies(header.second);
    return true;
  });
}

RawJson PairsToObject(const std::vector<NamedText>& pairs) {
  RawJson object;
  std::vector<std::string_view> seen;
  object.text = "{";
  for (const auto& [name, value] : pairs) {
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    if (object.text.size() > 1) object.text.push_back(',');
    AppendQuotedJson(object.text, name);
    object.text.push_back(':');
    AppendQuotedJson(object.text, value);
    if (object.text.size() > kLargeBag.bytes_max) break;  // cut to the bag's size right after
  }
  object.text.push_back('}');
  return object;
}

// A body that came as text is read by its content type, so that single fields can be seen (and
// scrubbed).
void ReadBody(HttpRequest& request) {
  if (!request.data.text.starts_with('"')) return;
  std::string text = JsonScalarText(request.data.text);
  if (text.empty()) {
    request.data.text.clear();
    return;
  }
  std::string type = ToLowerAscii(HeaderValue(request, "Content-Type"));
  if (type.find("x-www-form-urlencoded") != std::string::npos) {
    auto pairs = ParseQueryString(text);
    if (pairs.empty()) return;
    request.data = PairsToObject(pairs);
    request.inferred_content_type = "application/x-www-form-urlencoded";
    return;
  }
  if (!type.empty() && type.find("json") == std::string::npos) return;
  if (auto parsed = ParseRawJson(text)) {
    request.data = std::move(*parsed);
    request.inferred_content_type = "application/json";
  }
}

}  // namespace

void NormalizeRequest(Event& event, MetaNotes& notes) {
  if (!event.request) return;
  HttpRequest& request = *event.request;
  NormalizeMethod(event, request.method);
  SplitUrl(request);
  NormalizeHeaders(request);
  ReadBody(request);
  if (auto length = TrimText(request.url, kUrlLimit)) notes.Shortened({"request", "url"}, *length);
  if (auto length = TrimText(request.fragment, kFragmentLimit)) {
    notes.Shortened({"request", "fragment"}, *length);
  }
  TrimText(request.protocol, kEnumLimit);
  TrimText(request.inferred_content_type, kEnumLimit);
  if (auto length = TrimBag(request.data, kLargeBag)) {
    notes.Shortened({"request", "data"}, *length);
  }
  if (auto length = TrimBag(request.env, kLargeBag)) notes.Shortened({"request", "env"}, *length);
  auto trim = [&](std::vector<NamedText>& pairs, const char* field, BagLimit limit) {
    if (TrimPairs(pairs, limit.bytes_max)) notes.Remark({"request", field}, "!limit", 's');
  };
  trim(request.query_string, "query_string", kSmallBag);
  trim(request.cookies, "cookies", kMediumBag);
  trim(request.headers, "headers", kLargeBag);
  TrimNamed(request.other, kMediumBag, kLargeBag.bytes_max);
  if (request == HttpRequest{}) event.request.reset();
}

}  // namespace mishap
