// GroupingPreview: what a changed grouping would do to the events a project has, before anything is
// changed. It resolves as the digest will after the change: known keys, aliases, and keys that take
// over the issue of the one before. Pure: feed it, then read the report.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "event/event.h"
#include "grouping/grouping_version.h"

namespace mishap {

// Lists of a report are cut to this many, largest first.
inline constexpr std::size_t kPreviewListMax = 100;

// Some events of an issue that would go elsewhere.
struct PreviewPart {
  std::int64_t issue = 0;  // where; negative: the n-th new issue
  std::int64_t events = 0;
  std::string title;  // of a new issue
};
// Events of `issue` now, and where the others of them would be.
struct PreviewMove {
  std::int64_t issue = 0;
  std::int64_t stay = 0;
  std::vector<PreviewPart> parts;
};
struct PreviewReport {
  std::int64_t events = 0;
  std::int64_t unreadable = 0;
  std::int64_t split_events = 0;   // that would open new issues
  std::int64_t joined_events = 0;  // that would go to another issue there is
  std::int64_t issues = 0;         // with events among these
  std::int64_t new_issues = 0;
  std::vector<PreviewMove> splits;  // one issue becomes several
  std::vector<PreviewMove> joins;   // parts name issues there are
};

class GroupingPreview {
 public:
  // next outlives it. other_algorithm: every key takes over, not only the first of each old one.
  GroupingPreview(const GroupingVersion& next, bool other_algorithm);

  // A hash row there is: events of this key go to its issue.
  void Know(std::int16_t algorithm, std::int16_t kind, const Hash128& hash, std::int64_t issue);
  // The sample of a hash row: decides, as the backfill will, who takes its issue over.
  void Sample(const Event& event, std::int64_t row, std::int64_t issue);
  // An event that is stored under `row` of `issue`.
  void Add(const Event& event, std::int64_t row, std::int64_t issue);
  void AddUnreadable() { ++unreadable_; }

  PreviewReport Report() const;

 private:
  using Key = std::pair<std::pair<std::int16_t, std::int16_t>, Hash128>;  // algorithm, kind; hash
  std::int64_t Resolve(const Event& event, const Grouped& grouped, std::int64_t row,
                       std::int64_t issue);

  const GroupingVersion& next_;
  const bool other_algorithm_;
  std::map<Key, std::int64_t> issues_;  // of keys
  std::set<std::int64_t> inherited_;    // rows that have an heir
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>>
      moves_;                                   // events from issue to issue
  std::map<std::int64_t, std::string> titles_;  // of new issues
  std::int64_t new_issues_ = 0;
  std::int64_t unreadable_ = 0;
};

}  // namespace mishap
