// Regrouping: what people do to how events are grouped. Merge, unmerge, split by message, discard,
// release of a flood, and undo: each moves pointers of hash rows in one transaction, recomputes the
// summaries of the issues it touched, and leaves a row in tenant.grouping_log with what stood
// before. Events and counters never move, so it costs what the hash rows cost. Not here: what
// decides how new events are grouped (project_grouping_store.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

// Hash rows of all issues named in one call; more is refused with too_large.
inline constexpr std::size_t kRegroupRowsMax = 20'000;
// Newest events of a hash row that are looked at to tell its texts apart.
inline constexpr int kSplitEventsMax = 10'000;
// More texts than this are no causes but a variable part that grouping does not know yet.
inline constexpr std::size_t kSplitTextsMax = 20;

// What an issue shows: what its newest event says.
struct IssueFace {
  int level = 40;  // as event/event.h's Level
  std::string type;
  std::string platform;
  std::string logger;
  std::string title;
  std::string culprit;
  std::string metadata_json;
  bool is_unhandled = false;
};
// The face an event gives. payload: as stored. nullopt: it cannot be read, and the issue goes on
// showing what it shows.
using FaceReader = std::function<std::optional<IssueFace>(ProjectId project, std::string payload)>;

struct MergedIssues {
  IssueId parent;
  std::vector<IssueId> children;
  std::string log;  // id of the log row, 32 hex digits
};
// Into the one with most events (ties: the oldest). Ids outside the scope, unknown, deleted or
// merged away are passed over. Errors: invalid_argument (two projects, fewer than two left).
Result<MergedIssues> MergeIssues(Session& session, const Scope& scope,
                                 const std::vector<IssueId>& ids, Timestamp now);

struct UnmergedHashes {
  IssueId source;
  IssueId issue;  // new
  std::string log;
  std::vector<Hash128> siblings;  // that moved along without being named
};
// Takes hashes out of an issue, together into one new issue; no alias joins them again. Where the
// grouping changed, an error has a hash under each version: naming one takes the others along.
// Errors: not_found (issue), invalid_argument (a hash that is not the issue's, all of them, none).
Result<UnmergedHashes> UnmergeHashes(Session& session, const Scope& scope, IssueId issue,
                                     const std::vector<Hash128>& hashes, const FaceReader& faces,
                                     Timestamp now);

// One text among the newest events of a hash row.
struct MessageShare {
  Hash128 message;  // key M
  std::int64_t events = 0;
  EventId newest;
};
struct SplitOffer {
  Hash128 hash;  // key S
  bool is_split = false;
  std::vector<MessageShare> texts;  // most frequent first, at most kSplitTextsMax + 1
};
// What a split would tell apart. Errors: not_found.
Result<std::vector<SplitOffer>> ReadSplitOffers(Session& session, const Scope& scope,
                                                IssueId issue);

struct SplitIssue {
  IssueId issue;
  std::vector<Hash128> hashes;  // that are split now
  std::string log;
};
// From now on each text of these hashes (empty: of all) is an issue of its own; the most frequent
// one stays, and so does what was counted. force: also with more than kSplitTextsMax texts. Errors:
// not_found, invalid_argument (nothing here can be split), too_large (too many texts).
Result<SplitIssue> SplitByMessage(Session& session, const Scope& scope, IssueId issue,
                                  const std::vector<Hash128>& hashes, bool force, Timestamp now);

struct DiscardedIssues {
  std::vector<IssueId> issues;
  std::vector<std::string> logs;  // one a project
};
// The issues go, and future events of their hashes are dropped and counted as filtered. Ids that do
// not fit are passed over.
Result<DiscardedIssues> DiscardIssues(Session& session, const Scope& scope,
                                      const std::vector<IssueId>& ids, Timestamp now);

struct ReleasedFlood {
  IssueId flood;
  std::vector<IssueId> issues;  // one for each hash, at most kRegroupRowsMax
  std::string log;
};
// Makes an issue of each hash the burst guard put into a flood. Errors: not_found,
// invalid_argument (no flood).
Result<ReleasedFlood> ReleaseFlood(Session& session, const Scope& scope, IssueId issue,
                                   const FaceReader& faces, Timestamp now);

struct RegroupLogRow {
  std::string id;      // 32 hex digits
  std::string action;  // merge | unmerge | split | discard | release
  std::optional<std::int64_t> user;
  std::vector<IssueId> from;
  std::optional<IssueId> to;
  std::vector<IssueId> made;
  std::int64_t hash_rows = 0;
  Timestamp at;
  std::optional<Timestamp> undone_at;
};
// Newest first, at most 1,000.
Result<std::vector<RegroupLogRow>> ReadRegroupLog(Session& session, const Scope& scope,
                                                  ProjectId project);

// Puts back what stood before. Errors: not_found, conflict (undone already, or a hash row was moved
// again since: undo that first).
Result<RegroupLogRow> UndoRegroup(Session& session, const Scope& scope, ProjectId project,
                                  std::string_view log, const FaceReader& faces, Timestamp now);

}  // namespace mishap
