// The log of regroupings, and undoing one of them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/crash_point.h"
#include "storage/read_rows.h"
#include "storage/regroup/regrouping.h"

namespace mishap {
namespace {

using regroup::Issue;
using regroup::Regrouping;
using regroup::Row;

std::vector<IssueId> IssuesOf(const pqxx::field& field) {
  std::vector<IssueId> out;
  for (std::int64_t id : Int64ArrayOf(field)) out.push_back({id});
  return out;
}

RegroupLogRow LogRowOf(const pqxx::row& row) {
  RegroupLogRow out;
  out.id = ToHex(EventIdOf(row["id"]));
  out.action = TextOf(row["action"]);
  if (!row["user_id"].is_null()) out.user = row["user_id"].as<std::int64_t>();
  out.from = IssuesOf(row["from_issues"]);
  if (!row["to_issue"].is_null()) out.to = IssueId{row["to_issue"].as<std::int64_t>()};
  out.made = IssuesOf(row["made_issues"]);
  out.hash_rows = row["rows"].as<std::int64_t>();
  out.at = TimestampOf(row["created_at"]);
  out.undone_at = OptionalTimestampOf(row["undone_at"]);
  return out;
}

// What a log row remembers.
struct Before {
  std::map<std::int64_t, Row> rows;
  std::map<std::int64_t, std::pair<std::int64_t, int>> to;  // what must stand there: issue, state
  std::map<std::int64_t, Issue> issues;
};

Before ReadBefore(Work& work, std::int64_t project, const std::string& log) {
  Before out;
  for (const auto& found : work.Run("regroup_log_rows", project, log)) {
    Row row;
    row.id = found["id"].as<std::int64_t>();
    row.issue = found["issue_id"].as<std::int64_t>();
    row.state = found["state"].as<int>();
    row.origin = found["origin"].as<int>();
    row.no_alias = found["no_alias"].as<bool>();
    out.to[row.id] = {found["to_issue_id"].as<std::int64_t>(), found["to_state"].as<int>()};
    out.rows[row.id] = row;
  }
  for (const auto& found : work.Run("regroup_log_issues", project, log)) {
    Issue issue;
    issue.id = found["id"].as<std::int64_t>();
    issue.status = found["status"].as<int>();
    issue.substatus = found["substatus"].as<int>();
    issue.merged_into = found["merged_into"].as<std::int64_t>();
    out.issues[issue.id] = issue;
  }
  return out;
}

class Undo {
 public:
  Undo(Regrouping& regrouping, const RegroupLogRow& log, Before before)
      : regrouping_(regrouping), log_(log), before_(std::move(before)) {}

  Status Run(const FaceReader& faces) {
    LockRows();
    if (auto ok = RestoreRows(); !ok) return ok;
    if (auto ok = BringBackLaterRows(); !ok) return ok;
    RestoreIssues();
    regrouping_.Write();
    if (log_.action == "merge" && log_.to) {
      std::vector<std::int64_t> children;
      for (IssueId issue : log_.from) children.push_back(issue.value);
      regrouping_.BringBackNotes(children, log_.to->value);
    }
    for (std::int64_t issue : touched_) {
      regrouping_.Recompute(issue, {touched_.begin(), touched_.end()}, &faces);
    }
    return {};
  }

 private:
  void LockRows() {
    std::vector<std::int64_t> ids, issues;
    for (const auto& [id, row] : before_.rows) {
      ids.push_back(id);
      issues.push_back(before_.to.at(id).first);
    }
    for (IssueId issue : log_.made) issues.push_back(issue.value);
    regrouping_.LockRows(ids, issues);
  }

  Status RestoreRows() {
    std::vector<std::int64_t> ids;
    for (const auto& [id, row] : before_.rows) ids.push_back(id);
    std::size_t found = 0;
    for (const Row& row : regrouping_.RowsById(ids)) {
      ++found;
      const auto& [issue, state] = before_.to.at(row.id);
      if (row.issue != issue || row.state != state) break;
      Row after = row;
      const Row& before = before_.rows.at(row.id);
      after.issue = before.issue;
      after.state = before.state;
      after.origin = before.origin;
      after.no_alias = before.no_alias;
      regrouping_.Change(row, after);
      touched_.insert({row.issue, after.issue});
      restored_.insert(row.id);
    }
    if (found == ids.size() && restored_.size() == ids.size()) return {};
    return Fail(Reason::kConflict,
                "A hash of this action was moved again since: undo the newer action first.");
  }

  // What came to the issues this action made, and to the texts it split off, goes where the
  // undone rows go.
  Status BringBackLaterRows() {
    std::vector<std::int64_t> made, splits;
    for (IssueId issue : log_.made) made.push_back(issue.value);
    if (log_.action == "split") {
      for (const auto& [id, row] : before_.rows) splits.push_back(id);
    }
    std::vector<Row> later;
    if (!made.empty()) {
      auto rows = regrouping_.RowsOf(made);
      if (!rows) return Fail(rows.error());
      later = std::move(*rows);
    }
    if (!splits.empty()) {
      for (Row& row : regrouping_.RowsOfSplits(splits)) later.push_back(std::move(row));
    }
    if (log_.from.empty()) return {};
    const std::int64_t home = log_.from.front().value;
    for (const Row& row : later) {
      if (restored_.contains(row.id) || row.issue == home) continue;
      Row after = row;
      after.issue = home;
      regrouping_.Change(row, after);
      restored_.insert(row.id);
      touched_.insert({row.issue, home});
      emptied_.insert(row.issue);
    }
    emptied_.insert(made.begin(), made.end());
    return {};
  }

  void RestoreIssues() {
    std::vector<std::int64_t> ids(emptied_.begin(), emptied_.end());
    for (const auto& [id, issue] : before_.issues) ids.push_back(id);
    ids.insert(ids.end(), touched_.begin(), touched_.end());
    for (const Issue& issue : regrouping_.Issues(ids)) {
      Issue after = issue;
      if (auto it = before_.issues.find(issue.id); it != before_.issues.end()) {
        after.status = it->second.status;
        after.substatus = it->second.substatus;
        after.merged_into = it->second.merged_into;
      } else if (emptied_.contains(issue.id) && issue.IsVisible() && IsEmptied(issue.id)) {
        after.status = regroup::kMergedAway;
        after.substatus = 0;
        after.merged_into = log_.from.front().value;
      } else {
        continue;
      }
      regrouping_.Change(issue, after);
    }
  }

  // All its rows go back.
  bool IsEmptied(std::int64_t issue) {
    auto rows = regrouping_.RowsOf({issue});
    return rows && std::all_of(rows->begin(), rows->end(),
                               [&](const Row& row) { return restored_.contains(row.id); });
  }

  Regrouping& regrouping_;
  const RegroupLogRow& log_;
  const Before before_;
  std::set<std::int64_t> touched_;   // issues
  std::set<std::int64_t> restored_;  // rows
  std::set<std::int64_t> emptied_;   // issues that rows left
};

}  // namespace

Result<std::vector<RegroupLogRow>> ReadRegroupLog(Session& session, const Scope& scope,
                                                  ProjectId project) {
  return Read(session, [&](Work& work) {
    std::vector<RegroupLogRow> out;
    for (const auto& row : work.Run("regroup_log_list", ArrayParam(scope.Projects()), project)) {
      out.push_back(LogRowOf(row));
    }
    return out;
  });
}

Result<RegroupLogRow> UndoRegroup(Session& session, const Scope& scope, ProjectId project,
                                  std::string_view log, const FaceReader& faces, Timestamp now) {
  if (auto ok = regroup::CheckScope(scope, project); !ok) return Fail(ok.error());
  auto id = ParseHex128(log);
  if (!id) return Fail(Reason::kNotFound, "no such entry of the log");
  const std::string key = HexOf(*id);
  return TransactAgain(session, [&](Work& work) -> Result<RegroupLogRow> {
    Regrouping regrouping(work, scope, project, now);
    const auto rows = work.Run("regroup_log_lock", project, key);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such entry of the log");
    RegroupLogRow entry = LogRowOf(rows[0]);
    if (entry.undone_at) return Fail(Reason::kConflict, "This action is undone already.");
    Undo undo(regrouping, entry, ReadBefore(work, project.value, key));
    if (auto ok = undo.Run(faces); !ok) return Fail(ok.error());
    work.Run("regroup_log_undone", project, key, now, regrouping.User());
    CrashPoint("regroup-before-commit");
    entry.undone_at = now;
    return entry;
  });
}

}  // namespace mishap
