// Short ids of issues, "WEB-1" (web-api 2.3): the project's slug and its counter in base 32 without
// I, L, O and U.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mishap {

struct ShortId {
  std::string project_slug;  // lower case
  std::int64_t number = 0;

  bool operator==(const ShortId&) const = default;
};

std::string FormatShortId(std::string_view project_slug, std::int64_t number);
// Accepts "issue:" in front, any case, a blank, '_' or '-' as the last separator, and I, L, O for
// 1, 1, 0. nullopt for anything that cannot be one.
std::optional<ShortId> ParseShortId(std::string_view text);

}  // namespace mishap
