#include "net/multipart.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kPartHeadBytesMax = 8192;
constexpr std::size_t kBoundaryBytesMax = 200;  // the RFC allows 70

// name="value" or name=value behind a semicolon; only whole names count.
std::string_view Parameter(std::string_view header, std::string_view name) {
  while (true) {
    std::size_t semicolon = header.find(';');
    if (semicolon == std::string_view::npos) return {};
    header = TrimAscii(header.substr(semicolon + 1));
    std::size_t equals = header.find('=');
    if (equals == std::string_view::npos) return {};
    bool wanted = EqualsIgnoreCase(TrimAscii(header.substr(0, equals)), name);
    std::string_view value = header.substr(equals + 1);
    if (value.starts_with('"')) {
      std::size_t close = value.find('"', 1);
      if (close == std::string_view::npos) return {};
      if (wanted) return value.substr(1, close - 1);
      header = value.substr(close);
    } else if (wanted) {
      return TrimAscii(value.substr(0, value.find(';')));
    }
  }
}

// Head and body of one part, without the line end before the next boundary.
Status ReadPart(std::string_view text, FormPart& part) {
  std::size_t blank = text.substr(0, kPartHeadBytesMax).find("\r\n\r\n");
  if (text.starts_with("\r\n")) blank = 0;
  if (blank == std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "a part of the form has no end of its headers");
  }
  std::string_view head = text.substr(0, blank);
  part.body = text.substr(blank + (blank == 0 ? 2 : 4));
  while (!head.empty()) {
    std::size_t end = head.find("\r\n");
    std::string_view line = head.substr(0, end);
    head = end == std::string_view::npos ? std::string_view() : head.substr(end + 2);
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view header = TrimAscii(line.substr(0, colon));
    if (EqualsIgnoreCase(header, "Content-Type"))
      part.content_type = TrimAscii(line.substr(colon + 1));
    if (!EqualsIgnoreCase(header, "Content-Disposition")) continue;
    part.name = RepairUtf8(Parameter(line, "name"));
    part.filename = RepairUtf8(Parameter(line, "filename"));
  }
  if (part.name.empty()) return Fail(Reason::kInvalidArgument, "a part of the form has no name");
  return {};
}

}  // namespace

std::string_view FormBoundary(std::string_view content_type) {
  std::string_view type = TrimAscii(content_type.substr(0, content_type.find(';')));
  if (!EqualsIgnoreCase(type, "multipart/form-data")) return {};
  std::string_view boundary = Parameter(content_type, "boundary");
  return boundary.size() > kBoundaryBytesMax ? std::string_view() : boundary;
}

std::string_view LeadingBoundary(std::string_view form) {
  if (!form.starts_with("--")) return {};
  const std::size_t end = form.substr(0, kBoundaryBytesMax + 4).find("\r\n");
  return end == std::string_view::npos ? std::string_view() : form.substr(2, end - 2);
}

Result<std::vector<FormPart>> ReadForm(std::string_view body, std::string_view boundary,
                                       std::size_t parts_max) {
  const std::string mark = fmt::format("\r\n--{}", boundary);
  std::vector<FormPart> parts;
  // The first boundary has no line before it, or anything.
  std::size_t at =
      body.starts_with(std::string_view(mark).substr(2)) ? mark.size() - 2 : body.find(mark);
  if (at == std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "the form does not hold its boundary");
  }
  if (!body.starts_with(std::string_view(mark).substr(2))) at += mark.size();
  while (true) {
    std::string_view rest = body.substr(at);
    if (rest.starts_with("--") || TrimAscii(rest).empty()) break;
    std::size_t end = rest.find(mark);
    if (!rest.starts_with("\r\n") || end == std::string_view::npos) {
      return Fail(Reason::kInvalidArgument, "a part of the form has no end");
    }
    if (parts.size() == parts_max) {
      return Fail(Reason::kTooLarge, fmt::format("a form may have {} parts", parts_max));
    }
    FormPart part;
    if (end < 2) return Fail(Reason::kInvalidArgument, "a part of the form is empty");
    if (Status read = ReadPart(rest.substr(2, end - 2), part); !read) return Fail(read.error());
    parts.push_back(std::move(part));
    at += end + mark.size();
  }
  if (parts.empty()) return Fail(Reason::kInvalidArgument, "the form has no part");
  return parts;
}

}  // namespace mishap
