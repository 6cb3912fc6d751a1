#include "ingest/rate_limiter.h"

#include <algorithm>

namespace mishap {
namespace {

constexpr std::size_t kWindowsMax = 100'000;  // then those that are over are looked for
constexpr std::int64_t kSpikeWindowS = 3600;
constexpr std::int64_t kMinute = 60;

// Rounded up, so that a small limit never becomes none.
std::int64_t ShareOf(std::int64_t limit, std::int64_t servers) {
  return servers <= 1 ? limit : (limit + servers - 1) / servers;
}

}  // namespace

std::string_view LimitScopeName(LimitScope scope) {
  switch (scope) {
    case LimitScope::kOrganization:
      return "organization";
    case LimitScope::kProject:
      return "project";
    case LimitScope::kKey:
      return "key";
  }
  return "key";
}

void AddHit(std::vector<LimitHit>& hits, const LimitHit& hit) {
  for (LimitHit& known : hits) {
    if (known.scope != hit.scope || known.reason != hit.reason ||
        known.categories != hit.categories) {
      continue;
    }
    known.retry_after_s = std::max(known.retry_after_s, hit.retry_after_s);
    return;
  }
  hits.push_back(hit);
}

std::size_t RateLimiter::WindowKeyHash::operator()(const WindowKey& key) const {
  const auto& [kind, owner, index] = key;
  const auto mixed = static_cast<std::uint64_t>(owner) * 0x9E3779B97F4A7C15ULL +
                     static_cast<std::uint64_t>(kind) * 1'000'003 + index;
  return static_cast<std::size_t>(mixed ^ (mixed >> 29));
}

std::vector<RateLimiter::Rule> RateLimiter::RulesFor(const Admitted& admitted, Category category) {
  std::vector<Rule> rules;
  const ProjectEntry& project = *admitted.project;
  const KeyEntry& key = *admitted.key;
  const std::int64_t servers = admitted.snapshot ? admitted.snapshot->live_servers : 1;
  auto add_quotas = [&](const std::vector<Quota>& quotas, Kind kind, std::int64_t owner,
                        LimitScope scope) {
    for (std::size_t i = 0; i < quotas.size(); ++i) {
      const Quota& quota = quotas[i];
      if (!quota.Covers(category)) continue;
      rules.push_back({{kind, owner, i},
                       ShareOf(quota.limit, servers),
                       quota.window_s,
                       {0, quota.categories, scope, quota.reason}});
    }
  };
  const OrganizationEntry* organization =
      admitted.snapshot ? admitted.snapshot->FindOrganization(project.organization) : nullptr;
  if (organization != nullptr) {
    add_quotas(organization->quotas, Kind::kOrganization, organization->id.value,
               LimitScope::kOrganization);
  }
  add_quotas(project.quotas, Kind::kProject, project.id.value, LimitScope::kProject);
  if (project.spike_protection || (organization != nullptr && organization->spike_protection)) {
    for (const SpikeThreshold& spike : project.spike_thresholds) {
      const bool covers = spike.category == category ||
                          (spike.category == Category::kError && IsErrorLike(category));
      if (!covers) continue;
      rules.push_back({{Kind::kSpike, project.id.value, static_cast<std::size_t>(spike.category)},
                       ShareOf(spike.per_hour, servers),
                       kSpikeWindowS,
                       {0, {spike.category}, LimitScope::kProject, "spike_protection"}});
    }
  }
  if (IsErrorLike(category) && key.rate_limit_count > 0 && key.rate_limit_window_s > 0) {
    rules.push_back({{Kind::kKey, key.id.value, 0},
                     ShareOf(key.rate_limit_count, servers),
                     key.rate_limit_window_s,
                     {0, {Category::kError}, LimitScope::kKey, "key_quota"}});
  }
  return rules;
}

RateLimiter::Window& RateLimiter::At(const Rule& rule, std::int64_t seconds) {
  const std::int64_t number = seconds / rule.length_s;
  Window& window = windows_[rule.window];
  if (window.number != number || window.length_s != rule.length_s) {
    window = {number, rule.length_s, 0};
  }
  return window;
}

void RateLimiter::DropOld(std::int64_t seconds) {
  if (windows_.size() < kWindowsMax) return;
  std::erase_if(windows_, [&](const auto& entry) {
    return (entry.second.number + 1) * entry.second.length_s <= seconds;
  });
}

std::optional<LimitHit> RateLimiter::Take(const Admitted& admitted, Category category,
                                          std::int64_t quantity, Timestamp now) {
  if (category == Category::kInternal) return std::nullopt;
  const std::vector<Rule> rules = RulesFor(admitted, category);
  if (rules.empty()) return std::nullopt;
  const std::int64_t seconds = now.micros / kMicrosPerSecond;
  std::lock_guard lock(mutex_);
  DropOld(seconds);
  for (const Rule& rule : rules) {
    const Window& window = At(rule, seconds);
    if (window.count + quantity <= rule.limit) continue;
    LimitHit hit = rule.hit;
    hit.retry_after_s = std::max<std::int64_t>(1, (window.number + 1) * rule.length_s - seconds);
    // A spike is looked at again at a full minute, not only when the hour is over.
    const bool spike = std::get<0>(rule.window) == Kind::kSpike;
    if (spike) hit.retry_after_s = 2 * kMinute - seconds % kMinute;
    return hit;
  }
  for (const Rule& rule : rules) At(rule, seconds).count += quantity;
  return std::nullopt;
}

RateLimiter::Rule RateLimiter::WorkRule(const Admitted& admitted, std::int64_t bytes_max) {
  return {{Kind::kKeyWork, admitted.key->id.value, 0},
          bytes_max,
          kMinute,
          {0, {}, LimitScope::kKey, "inflated_bytes"}};
}

std::optional<LimitHit> RateLimiter::OverWork(const Admitted& admitted, std::int64_t bytes_max,
                                              Timestamp now) {
  const Rule rule = WorkRule(admitted, bytes_max);
  const std::int64_t seconds = now.micros / kMicrosPerSecond;
  std::lock_guard lock(mutex_);
  if (At(rule, seconds).count <= rule.limit) return std::nullopt;
  LimitHit hit = rule.hit;
  hit.retry_after_s = kMinute - seconds % kMinute;
  return hit;
}

void RateLimiter::AddWork(const Admitted& admitted, std::int64_t bytes, Timestamp now) {
  if (bytes == 0) return;
  const Rule rule = WorkRule(admitted, 0);
  std::lock_guard lock(mutex_);
  At(rule, now.micros / kMicrosPerSecond).count += bytes;
}

void RateLimiter::GiveBack(const Admitted& admitted, Category category, std::int64_t quantity,
                           Timestamp now) {
  if (category == Category::kInternal) return;
  const std::int64_t seconds = now.micros / kMicrosPerSecond;
  const std::vector<Rule> rules = RulesFor(admitted, category);
  std::lock_guard lock(mutex_);
  for (const Rule& rule : rules) {
    Window& window = At(rule, seconds);
    window.count = std::max<std::int64_t>(0, window.count - quantity);
  }
}

}  // namespace mishap
