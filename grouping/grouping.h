// Grouping: a pure function from an event to hashes, with an explanation. No I/O, no clock, no
// randomness, no locale: the same event gives the same bytes for ever. An algorithm that shipped is
// frozen; a better one is a new id beside it. Spec of g1: docs/grouping.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "event/event.h"
#include "grouping/similar.h"

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
  bool by_message = false;  // a rule splits by message: M decides instead of S
  const Hash128& Deciding() const { return custom ? *custom : by_message ? *message : *site; }
  HashKind DecidingKind() const {
    if (custom) return HashKind::kCustom;
    return by_message ? HashKind::kMessage : HashKind::kSite;
  }
};

struct Grouped {
  GroupingKeys keys;
  // Index of the exception that names the issue; 0 when there are none.
  std::size_t main_exception = 0;
  std::string_view decided_by;  // stack | message | text | custom | checksum | threads | template |
                                // security | fallback
  std::string title;            // of the issue, when a fingerprint rule names it; else empty
  bool by_project_rule = false;  // a fingerprint rule of the project made the keys
};

// Where a rule text cannot be read. Lines and columns count from 1, columns in characters.
struct RuleError {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;
};

// A project's own rules as people write them (docs/grouping.md); each may be empty.
struct GroupingRuleTexts {
  std::string stack_trace;
  std::string fingerprint;
  std::string options{};  // "name = value" lines: frame_order, depth, patterns ...
};

// Rules of a project, compiled by the algorithm that will use them. Never change; any number of
// threads may share them.
class GroupingRules {
 public:
  virtual ~GroupingRules() = default;
  virtual const std::vector<std::string>& Warnings() const = 0;  // what is read and ignored
};

struct GroupingRulesError {
  bool in_fingerprint = false;  // else in the stack trace rules, or:
  RuleError at;
  bool in_options = false;
};

// One frozen algorithm. Stateless and safe to share between threads.
class GroupingAlgorithm {
 public:
  virtual ~GroupingAlgorithm() = default;
  virtual std::string_view Id() const = 0;    // "g1"
  virtual std::int16_t StoredId() const = 0;  // 1: hash_row.algorithm
  virtual Grouped Group(const Event& event) const = 0;
  // The explanation tree of section 16 as JSON text; `keys` in it equal Group(event).keys.
  virtual std::string Explain(const Event& event) const = 0;

  // The same under a project's rules. An algorithm without rules of projects ignores them.
  virtual tl::expected<std::unique_ptr<const GroupingRules>, GroupingRulesError> CompileRules(
      const GroupingRuleTexts& texts) const;
  virtual Grouped GroupUnder(const Event& event, const GroupingRules& rules) const;
  virtual std::string ExplainUnder(const Event& event, const GroupingRules& rules) const;
  // What of an event is compared with other issues (similar.h). None: no suggestions.
  virtual SimilarSample Sample(const Event& event) const;
  // In words, what separates two events first; empty: they have the same keys.
  virtual std::string Difference(const Event& a, const Event& b, const GroupingRules& rules) const;
};

// What a project that has seen nothing but `a` does with `b`: one issue or two, and why.
struct PairVerdict {
  bool same = false;
  std::string reason;
};
PairVerdict ComparePair(const GroupingAlgorithm& algorithm, const Event& a, const Event& b,
                        const GroupingRules& rules);

// The algorithm new projects use.
const GroupingAlgorithm& CurrentGrouping();
// nullptr for an id that never shipped.
const GroupingAlgorithm* FindGrouping(std::string_view id);

}  // namespace mishap
