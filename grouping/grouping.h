// Grouping: a pure function from an event to hashes, with an explanation. No I/O, no clock, no randomness, no locale:
// the same event gives the same bytes for ever. An algorithm that shipped is frozen; a better one is a new id beside it.
// Spec of g1: docs/grouping.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "event/event.h"

namespace mishap {

// Stored in hash_row.kind.
enum class HashKind : std::uint8_t { kSite = 1, kMessage = 2, kAlias = 3, kCustom = 4 };

// Keys of section 13. Either `custom` is set (and nothing else), or the other four are.
struct GroupingKeys {
  std::optional<Hash128> path;     // P
  std::optional<Hash128> site;     // S: decides the issue
  std::optional<Hash128> message;  // M: S + parameterised text
  std::optional<Hash128> alias;    // PM: P + parameterised text
  std::optional<Hash128> custom;   // X: client fingerprint or checksum
  bool weak = false;               // no usable stack: the alias step must not be used

  bool operator==(const GroupingKeys&) const = default;
  const Hash128& Deciding() const { return custom ? *custom : *site; }
  HashKind DecidingKind() const { return custom ? HashKind::kCustom : HashKind::kSite; }
};

struct Grouped {
  GroupingKeys keys;
  // Index of the exception that names the issue; 0 when there are none.
  std::size_t main_exception = 0;
  std::string_view decided_by;  // stack | message | text | custom | checksum | threads | template | security | fallback
};

// One frozen algorithm. Stateless and safe to share between threads.
class GroupingAlgorithm {
 public:
  virtual ~GroupingAlgorithm() = default;
  virtual std::string_view Id() const = 0;       // "g1"
  virtual std::int16_t StoredId() const = 0;     // 1: hash_row.algorithm
  virtual Grouped Group(const Event& event) const = 0;
  // The explanation tree of section 16 as JSON text; `keys` in it equal Group(event).keys.
  virtual std::string Explain(const Event& event) const = 0;
};

// The algorithm new projects use.
const GroupingAlgorithm& CurrentGrouping();
// nullptr for an id that never shipped.
const GroupingAlgorithm* FindGrouping(std::string_view id);

}  // namespace mishap
