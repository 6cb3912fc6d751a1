#include "grouping/preview.h"

#include <algorithm>

#include "event/title.h"

namespace mishap {
namespace {

std::int64_t Moved(const PreviewMove& move) {
  std::int64_t events = 0;
  for (const PreviewPart& part : move.parts) events += part.events;
  return events;
}

void SortAndCut(std::vector<PreviewMove>& moves) {
  std::stable_sort(moves.begin(), moves.end(),
                   [](const PreviewMove& a, const PreviewMove& b) { return Moved(a) > Moved(b); });
  if (moves.size() > kPreviewListMax) moves.resize(kPreviewListMax);
  for (PreviewMove& move : moves) {
    std::stable_sort(
        move.parts.begin(), move.parts.end(),
        [](const PreviewPart& a, const PreviewPart& b) { return a.events > b.events; });
    if (move.parts.size() > kPreviewListMax) move.parts.resize(kPreviewListMax);
  }
}

}  // namespace

GroupingPreview::GroupingPreview(const GroupingVersion& next, bool other_algorithm)
    : next_(next), other_algorithm_(other_algorithm) {}

void GroupingPreview::Know(std::int16_t algorithm, std::int16_t kind, const Hash128& hash,
                           std::int64_t issue) {
  issues_.emplace(Key{{algorithm, kind}, hash}, issue);
}

std::int64_t GroupingPreview::Resolve(const Event& event, const Grouped& grouped, std::int64_t row,
                                      std::int64_t issue) {
  const GroupingKeys& keys = grouped.keys;
  const std::int16_t algorithm = next_.Algorithm().StoredId();
  const Key key{{algorithm, static_cast<std::int16_t>(keys.DecidingKind())}, keys.Deciding()};
  if (auto known = issues_.find(key); known != issues_.end()) return known->second;
  const bool has_alias = !keys.weak && !keys.custom && !keys.by_message && keys.alias;
  Key alias{{algorithm, static_cast<std::int16_t>(HashKind::kAlias)}, {}};
  if (has_alias) alias.second = *keys.alias;
  auto joined = has_alias ? issues_.find(alias) : issues_.end();
  const bool may_inherit = other_algorithm_ || !grouped.by_project_rule;
  std::int64_t target = 0;
  if (joined != issues_.end()) {
    target = joined->second;
  } else if (may_inherit && (other_algorithm_ || inherited_.insert(row).second)) {
    target = issue;
  } else {
    target = -++new_issues_;
    EventTitle title = MakeTitle(event, grouped.main_exception);
    if (!grouped.title.empty()) Retitle(title, grouped.title);
    titles_[target] = std::move(title.title);
  }
  issues_.emplace(key, target);
  if (has_alias) issues_.emplace(alias, target);
  return target;
}

void GroupingPreview::Sample(const Event& event, std::int64_t row, std::int64_t issue) {
  const Grouped grouped = next_.Group(event);
  // The backfill takes nothing over where a rule names the group.
  if (!other_algorithm_ && grouped.by_project_rule) return;
  Resolve(event, grouped, row, issue);
  inherited_.insert(row);
}

void GroupingPreview::Add(const Event& event, std::int64_t row, std::int64_t issue) {
  const std::int64_t target = Resolve(event, next_.Group(event), row, issue);
  ++moves_[issue][target];
}

PreviewReport GroupingPreview::Report() const {
  PreviewReport report;
  report.unreadable = unreadable_;
  report.events = unreadable_;
  std::set<std::int64_t> made;
  for (const auto& [issue, targets] : moves_) {
    PreviewMove split, join;
    split.issue = join.issue = issue;
    std::int64_t events = 0;
    for (const auto& [target, moved] : targets) {
      events += moved;
      if (target == issue) {
        split.stay = join.stay = moved;
      } else if (target < 0) {
        split.parts.push_back({target, moved, titles_.at(target)});
        report.split_events += moved;
        made.insert(target);
      } else {
        join.parts.push_back({target, moved, {}});
        report.joined_events += moved;
      }
    }
    report.events += events;
    if (events > 0) ++report.issues;
    if (!split.parts.empty()) report.splits.push_back(std::move(split));
    if (!join.parts.empty()) report.joins.push_back(std::move(join));
  }
  report.new_issues = static_cast<std::int64_t>(made.size());
  SortAndCut(report.splits);
  SortAndCut(report.joins);
  return report;
}

}  // namespace mishap
