// Bulk changes as their owner sees them: select, start, undo, look. What the job does:
// bulk_batch.cc.
#include "storage/triage/bulk_change.h"

#include <algorithm>

#include "base/bytes.h"
#include "storage/read_rows.h"
#include "storage/triage/change_json.h"

namespace mishap {
namespace {

struct FoundBulk {
  BulkChange bulk;
  bool is_stale = false;
  bool is_past_undo = false;
};

Result<FoundBulk> Find(Work& work, const Scope& scope, const std::string& id) {
  if (!ParseHex128(id)) return Fail(Reason::kNotFound, "no such bulk change");
  auto rows = work.Run("bulk_by_id", id, scope.Organization(), ArrayParam(scope.Projects()));
  if (rows.empty()) return Fail(Reason::kNotFound, "no such bulk change");
  const auto row = rows[0];
  FoundBulk out;
  out.bulk.id = TextOf(row["id"]);
  out.bulk.state = TextOf(row["state"]);
  out.bulk.total = row["total"].as<std::int64_t>();
  out.bulk.done = row["done"].as<std::int64_t>();
  out.bulk.changed = row["changed"].as<std::int64_t>();
  out.bulk.restored = row["restored"].as<std::int64_t>();
  out.bulk.error = TextOf(row["error"]);
  out.bulk.created_at = TimestampOf(row["created_at"]);
  out.bulk.applied_at = OptionalTimestampOf(row["applied_at"]);
  out.bulk.finished_at = OptionalTimestampOf(row["finished_at"]);
  out.is_stale = row["is_stale"].as<bool>();
  out.is_past_undo = row["is_past_undo"].as<bool>();
  return out;
}

std::optional<std::int64_t> UserOf(const Scope& scope) {
  if (!scope.User()) return std::nullopt;
  return scope.User().value;
}

Result<BulkChange> Again(Work& work, const Scope& scope, const std::string& id) {
  auto found = Find(work, scope, id);
  if (!found) return Fail(found.error());
  return std::move(found->bulk);
}

}  // namespace

Result<BulkChange> SelectForBulk(Session& session, const Scope& scope,
                                 const std::vector<IssueId>& ids, Random& random) {
  std::vector<std::int64_t> issues, projects;
  for (auto id : ids) {
    if (scope.Sees(ProjectOf(id))) issues.push_back(id.value);
  }
  std::sort(issues.begin(), issues.end());
  issues.erase(std::unique(issues.begin(), issues.end()), issues.end());
  if (issues.size() > kBulkIssuesMax) {
    return Fail(Reason::kTooLarge, "a bulk change takes at most " + std::to_string(kBulkIssuesMax) +
                                       " issues; narrow the query");
  }
  for (auto issue : issues) {
    const auto project = ProjectOf(IssueId{issue}).value;
    if (projects.empty() || projects.back() != project) projects.push_back(project);
  }
  const std::string id = random.Hex(16);
  return Transact(session, [&](Work& work) -> Result<BulkChange> {
    work.Run("bulk_insert", id, scope.Organization(), UserOf(scope), ArrayParam(projects),
             static_cast<std::int64_t>(issues.size()));
    work.Run("bulk_item_insert", id, ArrayParam(issues));
    return Again(work, scope, id);
  });
}

Result<BulkChange> ReadBulk(Session& session, const Scope& scope, const std::string& id) {
  return Transact(session, [&](Work& work) { return Again(work, scope, id); });
}

Result<Scope> ScopeOfBulk(Session& session, const Scope& scope, const std::string& id) {
  return Transact(session, [&](Work& work) -> Result<Scope> {
    auto found = Find(work, scope, id);
    if (!found) return Fail(found.error());
    std::vector<ProjectId> projects;
    for (const auto& row : work.Run("bulk_projects", id)) {
      projects.push_back({row[0].as<std::int64_t>()});
    }
    return scope.Narrowed(projects);
  });
}

Result<BulkChange> StartBulk(Session& session, const Scope& scope, const std::string& id,
                             const IssueChange& change) {
  return Transact(session, [&](Work& work) -> Result<BulkChange> {
    auto found = Find(work, scope, id);
    if (!found) return Fail(found.error());
    if (found->bulk.state != "selected") {
      return Fail(Reason::kConflict, "This selection has been used; select again.");
    }
    if (found->is_stale) {
      return Fail(Reason::kNotFound, "This selection is older than an hour; select again.");
    }
    work.Run("bulk_start", id, WriteIssueChangeJson(change), UserOf(scope));
    return Again(work, scope, id);
  });
}

Result<BulkChange> StartBulkUndo(Session& session, const Scope& scope, const std::string& id) {
  return Transact(session, [&](Work& work) -> Result<BulkChange> {
    auto found = Find(work, scope, id);
    if (!found) return Fail(found.error());
    const auto& state = found->bulk.state;
    if (state == "selected" || state == "waiting") {
      return Fail(Reason::kConflict, "This change is not done yet.");
    }
    if (state == "undo_waiting" || state == "undone") {
      return Fail(Reason::kConflict, "This change has been undone.");
    }
    if (found->is_past_undo) {
      return Fail(Reason::kConflict, "A change can be undone for 24 hours.");
    }
    work.Run("bulk_start_undo", id);
    return Again(work, scope, id);
  });
}

}  // namespace mishap
