// RateLimiter: what counts against the limits of key, project and organization, in this process.
// Fixed windows of the UTC clock: simple, and the seconds to the next one are the Retry-After. Each
// of several live servers counts its share of a limit (decisions 3.5). An item passes all limits or
// counts against none; the order they are asked in is organization, project, spike protection, key.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "ingest/admission.h"

namespace mishap {

enum class LimitScope : std::uint8_t { kOrganization, kProject, kKey };
std::string_view LimitScopeName(LimitScope scope);

// Why an item may not pass, as clients are told (ingest-protocol 8.1).
struct LimitHit {
  std::int64_t retry_after_s = 0;    // at least 1
  std::vector<Category> categories;  // of the limit; empty: all
  LimitScope scope = LimitScope::kKey;
  std::string reason;

  bool operator==(const LimitHit&) const = default;
};

// A limit that was hit again is told once, with the longer time.
void AddHit(std::vector<LimitHit>& hits, const LimitHit& hit);

class RateLimiter {
 public:
  // Counts `quantity` items (bytes of attachments) of the category. A hit: nothing was counted.
  // Client reports (internal) always pass. Safe from several threads.
  std::optional<LimitHit> Take(const Admitted& admitted, Category category, std::int64_t quantity,
                               Timestamp now);
  // What the requests of a key made us decompress, in bytes, by the minute: a bomb is small on the
  // wire, so counting items would not find whoever sends many. A hit: the key had more than
  // bytes_max this minute.
  std::optional<LimitHit> OverWork(const Admitted& admitted, std::int64_t bytes_max, Timestamp now);
  void AddWork(const Admitted& admitted, std::int64_t bytes, Timestamp now);
  // The item came to nothing (filtered, invalid): it does not count after all.
  void GiveBack(const Admitted& admitted, Category category, std::int64_t quantity, Timestamp now);

 private:
  enum class Kind : std::uint8_t { kOrganization, kProject, kSpike, kKey, kKeyWork };
  using WindowKey = std::tuple<Kind, std::int64_t, std::size_t>;  // whose, which of its limits
  struct WindowKeyHash {
    std::size_t operator()(const WindowKey& key) const;
  };
  struct Window {
    std::int64_t number = -1;  // now / window length
    std::int64_t length_s = 0;
    std::int64_t count = 0;
  };
  // One limit that covers an item, with what is told when it is hit.
  struct Rule {
    WindowKey window;
    std::int64_t limit = 0;  // this server's share
    std::int64_t length_s = 0;
    LimitHit hit;
  };

  static Rule WorkRule(const Admitted& admitted, std::int64_t bytes_max);
  static std::vector<Rule> RulesFor(const Admitted& admitted, Category category);
  Window& At(const Rule& rule, std::int64_t seconds);
  void DropOld(std::int64_t seconds);

  std::mutex mutex_;
  // Only of keys, projects and organizations of the directory; old ones are dropped when they pile
  // up.
  std::unordered_map<WindowKey, Window, WindowKeyHash> windows_;
};

}  // namespace mishap
