// Regrouping: one action on the hash rows of one project while its transaction runs: locks in the
// digest's order, moves pointers, remembers what stood before, recomputes summaries, writes the
// log. Inside storage only: it shows pqxx.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pqxx_session.h"
#include "storage/regroup/regroup.h"

namespace mishap::regroup {

// Numbers as tenant.hash_row stores them.
inline constexpr int kSite = 1;
inline constexpr int kMessage = 2;
inline constexpr int kAlias = 3;
inline constexpr int kActive = 0;
inline constexpr int kSplit = 1;
inline constexpr int kDiscarded = 2;
inline constexpr int kOriginMerge = 3;
// Of tenant.issue.status.
inline constexpr int kMergedAway = 3;
inline constexpr int kDeleted = 4;

struct Row {
  std::int64_t id = 0;
  std::int64_t issue = 0;
  int kind = 0;
  int state = 0;
  int origin = 0;
  bool no_alias = false;
  std::string hash;   // 16 bytes
  std::string alias;  // of the event that made the row; empty: none or not known
  std::int64_t split_of = 0;
  std::int64_t heir_of = 0;  // the row of the same error before the grouping changed

  bool Decides() const { return kind != kAlias; }
};

struct Issue {
  std::int64_t id = 0;
  int status = 0;
  int substatus = 0;
  std::int64_t merged_into = 0;
  std::int64_t times_seen = 0;
  Timestamp first_seen;
  EventId last_event;
  bool is_flood = false;

  bool IsVisible() const { return status < kMergedAway; }
};

class Regrouping {
 public:
  Regrouping(Work& work, const Scope& scope, ProjectId project, Timestamp now);

  // First of all where an action looks at rows more than once: locks these rows, those of these
  // issues and the texts split off from them in one order, the digest's, and before any issue.
  void LockRows(const std::vector<std::int64_t>& ids, const std::vector<std::int64_t>& issues);

  // Locks what they return. RowsOf: fails with too_large above kRegroupRowsMax.
  Result<std::vector<Row>> RowsOf(const std::vector<std::int64_t>& issues);
  std::vector<Row> RowsById(const std::vector<std::int64_t>& ids);
  std::vector<Row> RowsOfSplits(const std::vector<std::int64_t>& site_rows);
  std::vector<Row> AliasRows(const std::set<std::string>& hashes);
  std::vector<Issue> Issues(const std::vector<std::int64_t>& ids);

  // `row` as it is to be; what stood before is remembered. Written by Write().
  void Change(const Row& before, const Row& after);
  void Change(const Issue& before, const Issue& after);
  // Issues that were merged into `from` before lead to `to`.
  void Redirect(const std::vector<std::int64_t>& from, std::int64_t to);
  void Write();

  // Issues with the face of `like`, without counts.
  std::vector<std::int64_t> NewIssues(std::int64_t like, std::size_t count);
  // Sums up an issue's hash rows again. donors: issues that may show the newest event already.
  void Recompute(std::int64_t issue, const std::vector<std::int64_t>& donors,
                 const FaceReader* faces);

  // Comments; they remember the way they came, and BringBackNotes goes it back.
  void MoveNotes(const std::vector<std::int64_t>& from, std::int64_t to);
  void BringBackNotes(const std::vector<std::int64_t>& to, std::int64_t from);
  // Who bookmarked or follows `from` does so with `to`; its assignee, where `to` has none. `from`
  // keeps them.
  void SharePeople(const std::vector<std::int64_t>& from, std::int64_t to);

  void Activity(std::int64_t issue, const char* kind, const std::string& details);
  // Returns the log row's id as 32 hex digits.
  std::string WriteLog(const char* action, const std::vector<std::int64_t>& from,
                       std::optional<std::int64_t> to);

  Work& Db() { return work_; }
  std::int64_t Project() const { return project_; }
  std::optional<std::int64_t> User() const;
  const std::vector<std::int64_t>& Made() const { return made_; }

 private:
  std::string DetailsJson() const;
  std::int64_t Users(std::int64_t issue);
  void Face(std::int64_t issue, const pqxx::row& newest, const FaceReader& faces);

  Work& work_;
  const Scope& scope_;
  const std::int64_t project_;
  const Timestamp now_;
  std::vector<std::pair<Row, Row>> rows_;
  std::vector<std::pair<Issue, Issue>> issues_;
  std::map<std::int64_t, EventId> shown_;  // issue -> the event its face is about
  std::vector<std::int64_t> made_;
};

// In a project of the scope; otherwise not_found.
Status CheckScope(const Scope& scope, ProjectId project);

}  // namespace mishap::regroup
