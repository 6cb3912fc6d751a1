#include "storage/triage/issue_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "storage/read_rows.h"
#include "storage/triage/change_in_work.h"

namespace mishap {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr int kInboxManual = 3;
constexpr std::size_t kNotifyBytesMax = 7'900;  // PostgreSQL's limit is 8,000

Ids IdsOf(const pqxx::result& rows) {
  Ids out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row[0].as<std::int64_t>());
  return out;
}

std::string_view EffectOf(IssueStatus status) {
  if (status == IssueStatus::kResolved) return "issue_resolved";
  return status == IssueStatus::kIgnored ? "issue_archived" : "issue_unresolved";
}

void SetConditions(const ChangeGround& ground, const Ids& ids, const StatusChange& to,
                   Timestamp now) {
  auto issues = ArrayParam(ids);
  ground.work.Run("triage_drop_resolutions", ground.projects, issues);
  ground.work.Run("triage_drop_snoozes", ground.projects, issues);
  if (to.resolution.kind != ResolutionKind::kPlain) {
    const auto& resolution = to.resolution;
    ground.work.Run("triage_add_resolutions", ground.projects, issues,
                    static_cast<int>(resolution.kind), resolution.release_id,
                    resolution.current_version, resolution.repository, resolution.commit_id,
                    ground.user, now);
  }
  if (to.snooze) {
    const auto& snooze = *to.snooze;
    ground.work.Run("triage_add_snoozes", ground.projects, issues, snooze.until, snooze.times,
                    snooze.window_min, snooze.users, snooze.user_window_min,
                    snooze.until_escalating, ground.user, now);
  }
}

Ids SetStatus(const ChangeGround& ground, const Ids& ids, const StatusChange& to, Timestamp now) {
  auto changed = IdsOf(ground.work.Run("triage_status", ground.projects, ArrayParam(ids),
                                       static_cast<int>(to.status), static_cast<int>(to.substatus),
                                       to.details, now, to.always, to.is_single));
  if (changed.empty()) return changed;
  SetConditions(ground, changed, to, now);
  WriteActivities(ground, changed, to.activity, to.activity_details, now);
  WriteEffects(ground, changed, EffectOf(to.status), to.activity_details);
  if (ground.user) {
    ground.work.Run("triage_subscribe_quietly", ground.projects, ArrayParam(changed), *ground.user,
                    "status_change");
  }
  return changed;
}

std::string AssignedDetails(const Assignee& to) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (to.user || to.team != 0) {
    json.Field("assignee", std::to_string(to.user ? to.user.value : to.team));
    if (to.user) json.Field("assigneeEmail", to.email);
    json.Field("assigneeType", to.user ? "user" : "team").Field("assigneeName", to.name);
  }
  json.EndObject();
  return out;
}

Ids SetAssignee(const ChangeGround& ground, const Ids& ids, const Assignee& to, Timestamp now) {
  std::optional<std::int64_t> user, team;
  if (to.user) user = to.user.value;
  if (to.team != 0) team = to.team;
  auto changed =
      IdsOf(ground.work.Run("triage_assign", ground.projects, ArrayParam(ids), user, team));
  if (changed.empty()) return changed;
  auto details = AssignedDetails(to);
  WriteActivities(ground, changed, user || team ? "assigned" : "unassigned", details, now);
  if (user || team) WriteEffects(ground, changed, "issue_assigned", details);
  if (user) {
    ground.work.Run("triage_subscribe_quietly", ground.projects, ArrayParam(changed), *user,
                    "assigned");
  }
  return changed;
}

Ids SetPriority(const ChangeGround& ground, const Ids& ids, IssuePriority to, Timestamp now) {
  auto changed = IdsOf(ground.work.Run("triage_priority", ground.projects, ArrayParam(ids),
                                       static_cast<int>(to), now));
  if (changed.empty()) return changed;
  std::string_view name = to == IssuePriority::kLow      ? "low"
                          : to == IssuePriority::kMedium ? "medium"
                                                         : "high";
  WriteActivities(ground, changed, "set_priority", fmt::format(R"({{"priority":"{}"}})", name),
                  now);
  return changed;
}

// What belongs to one user only: no activity, no effect.
Ids SetPersonal(const ChangeGround& ground, const Ids& ids, const IssueChange& change) {
  Ids out;
  if (!ground.user) return out;
  auto issues = ArrayParam(ids);
  auto add = [&](const pqxx::result& rows) {
    for (auto id : IdsOf(rows)) out.push_back(id);
  };
  if (change.seen) {
    std::optional<Timestamp> at;
    if (*change.seen) at = change.now;
    add(ground.work.Run("triage_seen", ground.projects, issues, *ground.user, at));
  }
  if (change.bookmarked && *change.bookmarked) {
    add(ground.work.Run("triage_bookmark", ground.projects, issues, *ground.user, change.now));
  } else if (change.bookmarked) {
    add(ground.work.Run("triage_unbookmark", ground.projects, issues, *ground.user));
  }
  if (change.subscribed) {
    add(ground.work.Run("triage_subscribe", ground.projects, issues, *ground.user,
                        *change.subscribed));
  }
  return out;
}

Ids SetShared(const ChangeGround& ground, const Ids& ids, bool is_public, Timestamp now) {
  auto changed =
      IdsOf(is_public ? ground.work.Run("triage_share", ground.projects, ArrayParam(ids),
                                        ground.user, now)
                      : ground.work.Run("triage_unshare", ground.projects, ArrayParam(ids)));
  if (changed.empty()) return changed;
  WriteActivities(ground, changed, is_public ? "set_public" : "set_private", "{}", now);
  return changed;
}

Ids SetInbox(const ChangeGround& ground, const Ids& ids, bool in_inbox, Timestamp now) {
  std::optional<int> reason;
  if (in_inbox) reason = kInboxManual;
  auto changed =
      IdsOf(ground.work.Run("triage_inbox", ground.projects, ArrayParam(ids), reason, now));
  if (!in_inbox && !changed.empty()) WriteActivities(ground, changed, "mark_reviewed", "{}", now);
  return changed;
}

}  // namespace

std::vector<std::int64_t> LockIssueRows(const ChangeGround& ground, const Ids& ids) {
  return IdsOf(ground.work.Run("triage_lock", ground.projects, ArrayParam(ids)));
}

void WriteActivities(const ChangeGround& ground, const Ids& issues, std::string_view kind,
                     std::string_view details, Timestamp now) {
  ground.work.Run("triage_activity", ground.projects, ArrayParam(issues), kind, ground.user,
                  details, now);
}

void WriteEffects(const ChangeGround& ground, const Ids& issues, std::string_view kind,
                  std::string_view body) {
  ground.work.Run("triage_outbox", ground.projects, ArrayParam(issues), kind, body);
}

void NotifyIssues(Work& work, const Ids& issues) {
  if (issues.empty()) return;
  std::set<std::int64_t> projects;
  for (auto id : issues) projects.insert(ProjectOf(IssueId{id}).value);
  std::string text = fmt::format("{}", fmt::join(projects, ","));
  if (text.size() > kNotifyBytesMax) text = "*";
  work.Run("triage_notify", text);
}

std::vector<std::int64_t> ApplyIssueChange(const ChangeGround& ground, const Ids& ids,
                                           const IssueChange& change) {
  std::set<std::int64_t> changed;
  auto add = [&](const Ids& some) { changed.insert(some.begin(), some.end()); };
  if (!ids.empty()) {
    if (change.status) add(SetStatus(ground, ids, *change.status, change.now));
    if (change.assignee) add(SetAssignee(ground, ids, *change.assignee, change.now));
    if (change.priority) add(SetPriority(ground, ids, *change.priority, change.now));
    add(SetPersonal(ground, ids, change));
    if (change.is_public) add(SetShared(ground, ids, *change.is_public, change.now));
    if (change.in_inbox) add(SetInbox(ground, ids, *change.in_inbox, change.now));
  }
  return {changed.begin(), changed.end()};
}

Result<IssueChangeDone> ChangeIssues(Session& session, const Scope& scope,
                                     const std::vector<IssueId>& ids, const IssueChange& change) {
  if (ids.empty()) return IssueChangeDone();
  return Transact(session, [&](Work& work) {
    ChangeGround ground{work, ArrayParam(scope.Projects()), std::nullopt};
    if (scope.User()) ground.user = scope.User().value;
    auto found = LockIssueRows(ground, NumbersOf(ids));
    auto changed = ApplyIssueChange(ground, found, change);
    NotifyIssues(work, changed);
    IssueChangeDone out;
    for (auto id : found) out.found.push_back({id});
    for (auto id : changed) out.changed.push_back({id});
    return out;
  });
}

}  // namespace mishap
