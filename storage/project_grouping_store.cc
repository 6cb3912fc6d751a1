#include "storage/project_grouping_store.h"

#include "storage/read_rows.h"

namespace mishap {
namespace {

GroupingSetupRow SetupOf(const pqxx::row& row) {
  GroupingSetupRow out;
  out.setup.version = row["version"].as<std::int32_t>();
  out.setup.algorithm = TextOf(row["algorithm"]);
  out.setup.stack_trace_rules = TextOf(row["stack_trace_rules"]);
  out.setup.fingerprint_rules = TextOf(row["fingerprint_rules"]);
  out.setup.options = TextOf(row["options"]);
  out.transition_until = TimestampOf(row["transition_until"]);
  if (!row["user_id"].is_null()) out.user = row["user_id"].as<std::int64_t>();
  out.created_at = TimestampOf(row["created_at"]);
  out.backfilled_at = OptionalTimestampOf(row["backfilled_at"]);
  return out;
}

Status CheckProject(const Scope& scope, ProjectId project) {
  if (scope.Sees(project)) return {};
  return Fail(Reason::kNotFound, "no such project");
}

}  // namespace

Result<std::vector<GroupingSetupRow>> ReadGroupingVersions(Session& session, const Scope& scope,
                                                           ProjectId project, int limit) {
  if (auto ok = CheckProject(scope, project); !ok) return Fail(ok.error());
  return Read(session, [&](Work& work) {
    std::vector<GroupingSetupRow> out;
    for (const auto& row : work.Run("grouping_versions", project, limit)) {
      out.push_back(SetupOf(row));
    }
    const bool has_first = out.empty() || out.back().setup.version == 1;
    if (has_first && out.size() < static_cast<std::size_t>(limit)) out.emplace_back();
    return out;
  });
}

Result<ProjectGrouping> ReadProjectGrouping(Session& session, const Scope& scope, ProjectId project,
                                            Timestamp now) {
  auto rows = ReadGroupingVersions(session, scope, project, 2);
  if (!rows) return Fail(rows.error());
  ProjectGrouping out;
  out.current = std::move(rows->front().setup);
  out.transition_until = rows->front().transition_until;
  if (rows->size() > 1 && now < out.transition_until) out.previous = std::move((*rows)[1].setup);
  return out;
}

Result<GroupingSetupRow> ChangeProjectGrouping(Session& session, const AuditBy& by,
                                               const Scope& scope, ProjectId project,
                                               const GroupingSetup& setup,
                                               Timestamp transition_until) {
  if (auto ok = CheckProject(scope, project); !ok) return Fail(ok.error());
  return Transact(session, [&](Work& work) -> Result<GroupingSetupRow> {
    std::optional<std::int64_t> user;
    if (scope.User()) user = scope.User().value;
    const auto rows = work.Run("grouping_version_insert", project, setup.version, setup.algorithm,
                               setup.stack_trace_rules, setup.fingerprint_rules, setup.options,
                               transition_until, user, by.at);
    if (rows.empty()) {
      return Fail(Reason::kConflict,
                  "Somebody else changed the grouping of this project meanwhile: read it again.");
    }
    work.Run("directory_bump");
    WriteProjectAudit(work, by, scope.Organization(), project, {"rules.edit", "grouping"});
    GroupingSetupRow out{setup, transition_until, user, by.at, std::nullopt};
    out.setup.version = rows[0][0].as<std::int32_t>();
    return out;
  });
}

}  // namespace mishap
