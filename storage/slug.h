// Slugs: what names an organization or a project in URLs (web-api 0.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace mishap {

inline constexpr std::size_t kOrganizationSlugBytesMax = 50;
inline constexpr std::size_t kProjectSlugBytesMax = 100;

// [a-z0-9][a-z0-9_-]*, not all digits. Errors: invalid_argument that says what is wrong.
Status CheckSlug(std::string_view slug, std::size_t bytes_max);
// The number when `text` is all digits (then it is an id, not a slug) and fits.
std::optional<std::int64_t> IdOfPath(std::string_view text);

}  // namespace mishap
