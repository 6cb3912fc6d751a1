#include "storage/slug.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mishap {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsSlugStart(char c) {
  return (c >= 'a' && c <= 'z') || IsDigit(c);
}
bool IsSlugChar(char c) {
  return IsSlugStart(c) || c == '_' || c == '-';
}

}  // namespace

Status CheckSlug(std::string_view slug, std::size_t bytes_max) {
  if (slug.empty() || slug.size() > bytes_max) {
    return Fail(Reason::kInvalidArgument, fmt::format("slug '{}' must have 1 to {} characters",
                                                      slug.substr(0, bytes_max), bytes_max));
  }
  if (!IsSlugStart(slug.front()) || !std::all_of(slug.begin(), slug.end(), IsSlugChar)) {
    return Fail(
        Reason::kInvalidArgument,
        fmt::format("slug '{}' may hold a-z, 0-9, '_' and '-' and starts with a letter or digit",
                    slug));
  }
  if (std::all_of(slug.begin(), slug.end(), IsDigit)) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("slug '{}' must not be all digits: it would be taken for an id", slug));
  }
  return {};
}

std::optional<std::int64_t> IdOfPath(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), IsDigit)) return std::nullopt;
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace mishap
