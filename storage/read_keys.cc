// The keys (DSNs) of projects: reading them and, because a change must reach ingest, changing them.
#include "base/json_writer.h"
#include "storage/read_projects.h"
#include "storage/read_rows.h"

namespace mishap {
namespace {

KeyRow KeyRowOf(const pqxx::row& row) {
  KeyRow key;
  key.id = {row["id"].as<std::int64_t>()};
  key.project = {row["project_id"].as<std::int64_t>()};
  key.public_key = TextOf(row["public_key"]);
  key.secret_key = TextOf(row["secret_key"]);
  key.name = TextOf(row["name"]);
  key.is_active = row["is_active"].as<bool>();
  key.rate_limit_count = row["rate_limit_count"].as<std::int64_t>();
  key.rate_limit_window_s = row["rate_limit_window_s"].as<std::int64_t>();
  key.created_at = TimestampOf(row["created_at"]);
  return key;
}

tl::unexpected<Error> NoSuchKey() {
  return Fail(Reason::kNotFound, "no such key");
}

std::string FieldsOf(const KeyChange& change) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (change.name) json.Field("name", *change.name);
  if (change.is_active) json.Field("isActive", *change.is_active);
  if (change.rate_limit_count) json.Field("rateLimit", *change.rate_limit_count);
  json.EndObject();
  return out;
}

}  // namespace

Result<std::vector<KeyRow>> ReadProjectKeys(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) {
    std::vector<KeyRow> out;
    for (const auto& row : work.Run("api_key_list", ArrayParam(scope.Projects()))) {
      out.push_back(KeyRowOf(row));
    }
    return out;
  });
}

Result<KeyRow> AddProjectKey(Session& session, const AuditBy& by, const Scope& scope,
                             const KeyRow& key) {
  if (!scope.Sees(key.project)) return NoSuchKey();
  return Transact(session, [&](Work& work) -> Result<KeyRow> {
    auto rows = work.Run("api_key_insert", key.project, key.public_key, key.secret_key, key.name,
                         key.is_active, key.rate_limit_count, key.rate_limit_window_s);
    if (rows.empty()) {
      return Fail(Reason::kConflict, "A key with this public key already exists.");
    }
    work.Run("api_key_raise_directory_version");
    WriteProjectAudit(work, by, scope.Organization(), key.project, {"key.create", key.public_key});
    return KeyRowOf(rows[0]);
  });
}

Result<KeyRow> ChangeProjectKey(Session& session, const AuditBy& by, const Scope& scope,
                                ProjectId project, const std::string& public_key,
                                const KeyChange& change) {
  if (!scope.Sees(project)) return NoSuchKey();
  return Transact(session, [&](Work& work) -> Result<KeyRow> {
    auto rows = work.Run("api_key_update", project, public_key, change.name, change.is_active,
                         change.rate_limit_count, change.rate_limit_window_s);
    if (rows.empty()) return NoSuchKey();
    work.Run("api_key_raise_directory_version");
    if (const auto fields = FieldsOf(change); fields != "{}") {
      WriteProjectAudit(work, by, scope.Organization(), project, {"key.edit", public_key, fields});
    }
    return KeyRowOf(rows[0]);
  });
}

Status RemoveProjectKey(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                        const std::string& public_key) {
  if (!scope.Sees(project)) return NoSuchKey();
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("api_key_delete", project, public_key).affected_rows() == 0) return NoSuchKey();
    work.Run("api_key_raise_directory_version");
    WriteProjectAudit(work, by, scope.Organization(), project, {"key.remove", public_key});
    return {};
  });
}

}  // namespace mishap
