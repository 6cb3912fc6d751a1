// Quotas: how much of what may come in a while. Kept in the settings (control.project.settings and
// control.organization.settings, JSON objects) under these keys, which the settings API writes:
//
//   "quotas": [{"categories": ["error"], "limit": 1000, "window": 60, "reason": "project_quota"}]
//     categories  names of event/outcome.h; absent or []: all. "error" means error, default and
//                 security: what errors are sent as
//     limit       items (bytes of attachments) in a window; 0: nothing at all
//     window      seconds, 1 to 31 days; fixed windows of the UTC clock
//     reason      of the outcome rate_limited and of the header, [a-z0-9_]{1,64}; default
//                 "project_quota" or "organization_quota"
//   "spike_protection": true     see docs/limits.md
//
// Who counts against them: ingest/rate_limiter.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/outcome.h"

namespace mishap {

inline constexpr std::size_t kQuotasMax = 50;  // of one project or organization
inline constexpr std::int64_t kQuotaWindowSecondsMax = 31 * 86'400;

struct Quota {
  std::vector<Category> categories;  // empty: all
  std::int64_t limit = 0;
  std::int64_t window_s = 0;
  std::string reason;

  bool operator==(const Quota&) const = default;
  bool Covers(Category category) const;
};

// More accepted items of the category than this within an hour is a spike.
struct SpikeThreshold {
  Category category = Category::kError;
  std::int64_t per_hour = 0;

  bool operator==(const SpikeThreshold&) const = default;
};

// error, default, security: a limit of one is a limit of all.
bool IsErrorLike(Category category);

// The value of "quotas". A quota that does not fit the rules above is left out: one bad line must
// not open or close the whole project. default_reason: where none is given.
std::vector<Quota> ParseQuotas(std::string_view json, std::string_view default_reason);
std::string WriteQuotas(const std::vector<Quota>& quotas);

}  // namespace mishap
