// SearchTree: what a search means, as a tree of conditions over issues and their events. The API
// builds it from a query (api/search/), storage makes SQL of it (search_plan.h). No syntax, no SQL.
//
// Conditions on events hold on one and the same event: a conjunction finds an issue if at least one
// event of the window satisfies all of them together, the negated ones included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap {

// "a*b" is {"a", "b"}: the pieces between the stars. One piece is the text itself.
struct TextPattern {
  std::vector<std::string> pieces;

  bool IsExact() const { return pieces.size() == 1; }
  bool operator==(const TextPattern&) const = default;
};

enum class SearchOp { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct NumberTest {
  SearchOp op = SearchOp::kEqual;
  double value = 0;

  bool operator==(const NumberTest&) const = default;
};

// from <= time < until; an absent end is open.
struct TimeRange {
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;

  bool operator==(const TimeRange&) const = default;
};

// Numbers as tenant.issue stores them; substatus 0 stands for any.
struct StatusPair {
  std::int16_t status = 0;
  std::int16_t substatus = 0;

  bool operator==(const StatusPair&) const = default;
};

enum class SearchSubject {
  // of the issue
  kNothing,  // fits no issue
  kStatus,   // statuses
  kFirstSeen,
  kLastSeen,
  kTimesSeen,
  kUserCount,
  kIssue,     // ids
  kProject,   // ids
  kTitle,     // patterns, any case
  kCulprit,   // patterns, any case
  kPlatform,  // patterns, any case
  kEventType,
  kFirstRelease,  // patterns over versions; `latest`
  kRegressedIn,   // patterns over versions; `latest`
  kPriority,      // ids: 1 low, 2 medium, 3 high
  kAssigned,      // actors
  kBookmarked,    // actors
  kSubscribed,    // actors
  kForReview,
  kTeam,  // the project is one of the teams'; actors
  // of an event, as the sample of its hash row shows it
  kText,     // patterns contained in title, message and stack; lower case
  kMessage,  // patterns over message and title, any case
  kFact,     // `key`: stack.filename, error.type, ... (digest/search_facts.h)
  // of an event itself
  kTag,          // `key`
  kRelease,      // the tag release; patterns, `part` and `op`, `latest`
  kEnvironment,  // names; "" = without one
  kEventTime,
  kEventId,
};

// Who: by id, by e-mail address or name, by team; `nobody` is one of the choices.
struct SearchActors {
  std::vector<std::int64_t> users;
  std::vector<std::string> names;      // lower case
  std::vector<std::string> teams;      // slugs, lower case
  std::vector<std::int64_t> teams_of;  // the teams of these users
  bool nobody = false;

  bool operator==(const SearchActors&) const = default;
};

// Which part of a release's name a kRelease leaf with `numbers`-like tests looks at.
enum class ReleasePart { kName, kVersion, kPackage, kBuild };

struct SearchLeaf {
  SearchSubject subject = SearchSubject::kNothing;
  bool is_negated = false;
  std::string key;                    // of kTag and kFact
  bool presence = false;              // there is a value at all
  std::vector<TextPattern> patterns;  // one of them fits
  std::vector<NumberTest> numbers;    // one of them holds
  std::optional<TimeRange> time;
  std::vector<std::int64_t> ids;
  std::vector<StatusPair> statuses;
  std::vector<std::string> names;  // kEnvironment
  SearchActors actors;
  ReleasePart part = ReleasePart::kName;  // of kRelease
  SearchOp op = SearchOp::kEqual;         // of kVersion and kBuild: how a version compares
  EventId event;                          // kEventId
  bool latest = false;    // the newest release of each project, besides the patterns
  bool any_case = false;  // of kTag: compare without case

  bool operator==(const SearchLeaf&) const = default;
};

struct SearchNode {
  enum class Kind { kAnd, kOr, kLeaf };
  Kind kind = Kind::kAnd;  // an empty conjunction fits everything
  std::vector<SearchNode> children;
  SearchLeaf leaf;

  static SearchNode Of(SearchLeaf leaf) {
    SearchNode node;
    node.kind = Kind::kLeaf;
    node.leaf = std::move(leaf);
    return node;
  }
  static SearchNode All(std::vector<SearchNode> children) {
    SearchNode node;
    node.children = std::move(children);
    return node;
  }
  static SearchNode Any(std::vector<SearchNode> children) {
    SearchNode node;
    node.kind = Kind::kOr;
    node.children = std::move(children);
    return node;
  }
  bool FitsAll() const { return kind == Kind::kAnd && children.empty(); }
  bool operator==(const SearchNode&) const = default;
};

inline bool IsOfEvent(SearchSubject subject) {
  return subject >= SearchSubject::kText;
}
// Looked up in the sample of a hash row, not in the event's own row.
inline bool IsOfSample(SearchSubject subject) {
  return subject >= SearchSubject::kText && subject <= SearchSubject::kFact;
}

}  // namespace mishap
