// One batch of a bulk change or of its undo: a transaction that moves its progress with it.
#include <fmt/format.h>

#include <map>
#include <set>

#include "storage/read_rows.h"
#include "storage/triage/bulk_change.h"
#include "storage/triage/change_in_work.h"
#include "storage/triage/change_json.h"

namespace mishap {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr int kItemWaiting = 0;
constexpr int kItemChanged = 1;

struct Running {
  ChangeGround ground;
  std::string id;
  bool is_undo = false;
  IssueChange change;
};

std::optional<Running> Next(Work& work) {
  auto rows = work.Run("bulk_next");
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  Running out{{work, "{" + TextOf(row["projects"]) + "}", std::nullopt},
              TextOf(row["id"]),
              TextOf(row["state"]) == "undo_waiting",
              IssueChangeOf(row)};
  if (!row["user_id"].is_null()) out.ground.user = row["user_id"].as<std::int64_t>();
  out.change.now = TimestampOf(work.Run("triage_now")[0][0]);
  return out;
}

Ids Items(const Running& bulk) {
  Ids out;
  for (const auto& row :
       bulk.ground.work.Run("bulk_items", bulk.ground.projects, bulk.id,
                            bulk.is_undo ? kItemChanged : kItemWaiting, kBulkBatchIssues)) {
    out.push_back(row[0].as<std::int64_t>());
  }
  return out;
}

std::map<std::int64_t, std::string> StatesOf(const ChangeGround& ground, const Ids& ids) {
  std::map<std::int64_t, std::string> out;
  for (const auto& row :
       ground.work.Run("triage_state", ground.projects, ArrayParam(ids), ground.user)) {
    out[row[0].as<std::int64_t>()] = TextOf(row[1]);
  }
  return out;
}

std::string Texts(const std::map<std::int64_t, std::string>& states, const Ids& ids) {
  std::vector<std::string> out;
  out.reserve(ids.size());
  for (auto id : ids) {
    auto it = states.find(id);
    out.push_back(it == states.end() ? "null" : it->second);
  }
  return ArrayParam(out);
}

struct Applied {
  Ids found;
  Ids changed;
};

Applied Apply(const Running& bulk, const Ids& items) {
  const auto& ground = bulk.ground;
  auto found = LockIssueRows(ground, items);
  auto before = StatesOf(ground, found);
  auto changed = ApplyIssueChange(ground, found, bulk.change);
  auto after = StatesOf(ground, found);
  ground.work.Run("bulk_record", ground.projects, bulk.id, ArrayParam(found), Texts(before, found),
                  Texts(after, found), ArrayParam(changed));
  ground.work.Run("bulk_skip", ground.projects, bulk.id, ArrayParam(items));
  ground.work.Run("bulk_progress", bulk.id, static_cast<std::int64_t>(items.size()),
                  static_cast<std::int64_t>(changed.size()));
  NotifyIssues(ground.work, changed);
  return {std::move(found), std::move(changed)};
}

struct Restored {
  Ids all;
  std::map<std::string, Ids> by_activity;
  std::map<std::string, Ids> by_effect;
};

Restored FindRestorable(const Running& bulk, const Ids& locked) {
  const auto& ground = bulk.ground;
  Restored out;
  static constexpr std::pair<const char*, const char*> kWords[] = {
      {"set_unresolved", "issue_unresolved"},
      {"set_resolved", "issue_resolved"},
      {"set_ignored", "issue_archived"}};
  auto states = StatesOf(ground, locked);
  for (const auto& row : ground.work.Run("bulk_undo_match", ground.projects, bulk.id,
                                         ArrayParam(locked), Texts(states, locked))) {
    const auto id = row["issue_id"].as<std::int64_t>();
    out.all.push_back(id);
    if (row["has_status"].as<bool>()) {
      const auto& [activity, effect] = kWords[row["status"].as<std::size_t>()];
      out.by_activity[activity].push_back(id);
      out.by_effect[effect].push_back(id);
    }
    if (row["has_assignee"].as<bool>()) {
      out.by_activity[row["is_assigned"].as<bool>() ? "assigned" : "unassigned"].push_back(id);
    }
    if (row["has_priority"].as<bool>()) out.by_activity["set_priority"].push_back(id);
  }
  return out;
}

void PutBack(const Running& bulk, const Ids& ids) {
  const auto& ground = bulk.ground;
  auto issues = ArrayParam(ids);
  ground.work.Run("bulk_undo_issue", ground.projects, bulk.id, issues);
  ground.work.Run("triage_drop_resolutions", ground.projects, issues);
  ground.work.Run("triage_drop_snoozes", ground.projects, issues);
  for (const char* name :
       {"bulk_undo_resolution", "bulk_undo_snooze", "bulk_undo_share_drop", "bulk_undo_share"}) {
    ground.work.Run(name, ground.projects, bulk.id, issues);
  }
  if (!ground.user) return;
  for (const char* name : {"bulk_undo_user_drop", "bulk_undo_user"}) {
    ground.work.Run(name, ground.projects, bulk.id, issues, *ground.user);
  }
}

void Undo(const Running& bulk, const Ids& items) {
  const auto& ground = bulk.ground;
  auto restored = FindRestorable(bulk, LockIssueRows(ground, items));
  if (!restored.all.empty()) PutBack(bulk, restored.all);
  constexpr std::string_view kDetails = R"({"undo":true})";
  for (const auto& [kind, ids] : restored.by_activity) {
    WriteActivities(ground, ids, kind, kDetails, bulk.change.now);
  }
  for (const auto& [kind, ids] : restored.by_effect) WriteEffects(ground, ids, kind, kDetails);
  ground.work.Run("bulk_undo_mark", ground.projects, bulk.id, ArrayParam(items),
                  ArrayParam(restored.all));
  ground.work.Run("bulk_undo_progress", bulk.id, static_cast<std::int64_t>(restored.all.size()));
  NotifyIssues(ground.work, restored.all);
}

int RunBatch(Running& bulk) {
  auto items = Items(bulk);
  if (items.empty()) {
    bulk.ground.work.Run("bulk_finish", bulk.id, bulk.is_undo ? "undone" : "done", "");
  } else if (bulk.is_undo) {
    Undo(bulk, items);
  } else {
    Apply(bulk, items);
  }
  return static_cast<int>(items.size());
}

// A retry of these may do.
bool IsPassing(Reason reason) {
  return reason == Reason::kUnavailable || reason == Reason::kOverloaded ||
         reason == Reason::kTimeout;
}

}  // namespace

Result<UndoableChange> ChangeIssuesUndoably(Session& session, const Scope& scope,
                                            const std::vector<IssueId>& ids,
                                            const IssueChange& change, Random& random) {
  Ids issues;
  std::set<std::int64_t> projects;
  for (auto id : ids) {
    if (!scope.Sees(ProjectOf(id)) || issues.size() == kBulkBatchIssues) continue;
    issues.push_back(id.value);
    projects.insert(ProjectOf(id).value);
  }
  const auto places = ArrayParam(Ids(projects.begin(), projects.end()));
  const std::string id = random.Hex(16);
  return Transact(session, [&](Work& work) {
    Running bulk{{work, places, std::nullopt}, id, false, change};
    if (scope.User()) bulk.ground.user = scope.User().value;
    work.Run("bulk_insert", id, scope.Organization(), bulk.ground.user, places,
             static_cast<std::int64_t>(issues.size()));
    work.Run("bulk_item_insert", id, ArrayParam(issues));
    work.Run("bulk_start", id, WriteIssueChangeJson(change), bulk.ground.user);
    auto applied = Apply(bulk, issues);
    work.Run("bulk_finish", id, "done", "");
    UndoableChange out;
    for (auto issue : applied.found) out.done.found.push_back({issue});
    for (auto issue : applied.changed) out.done.changed.push_back({issue});
    if (!applied.changed.empty()) out.undo = id;
    return out;
  });
}

Result<std::optional<int>> RunBulkBatch(Session& session) {
  std::string id;
  auto done = Transact(session, [&](Work& work) -> std::optional<int> {
    auto bulk = Next(work);
    if (!bulk) return std::nullopt;
    id = bulk->id;
    return RunBatch(*bulk);
  });
  if (done || id.empty() || IsPassing(done.error().reason)) return done;
  auto failed = Transact(
      session, [&](Work& work) { work.Run("bulk_finish", id, "failed", done.error().detail); });
  if (!failed) return Fail(failed.error());
  return done;
}

Result<int> PurgeBulks(Session& session, int bulks_max) {
  return Transact(session, [&](Work& work) {
    auto rows = work.Run("bulk_purge_find", bulks_max);
    for (const auto& row : rows) {
      auto id = TextOf(row["id"]);
      work.Run("bulk_purge_items", "{" + TextOf(row["projects"]) + "}", id);
      work.Run("bulk_purge", id);
    }
    return static_cast<int>(rows.size());
  });
}

}  // namespace mishap
