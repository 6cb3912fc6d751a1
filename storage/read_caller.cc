#include "storage/read_caller.h"

#include "storage/account/role.h"
#include "storage/read_rows.h"

namespace mishap {
namespace {

std::optional<UserRow> UserRowOf(const pqxx::row& row) {
  if (row["user_id"].is_null()) return std::nullopt;
  UserRow user;
  user.id = {row["user_id"].as<std::int64_t>()};
  user.email = TextOf(row["email"]);
  user.name = TextOf(row["name"]);
  user.is_active = row["is_active"].as<bool>();
  user.created_at = TimestampOf(row["created_at"]);
  user.last_login_at = OptionalTimestampOf(row["last_login_at"]);
  return user;
}

std::vector<ProjectId> ProjectsOf(const pqxx::field& field) {
  std::vector<ProjectId> out;
  for (auto id : Int64ArrayOf(field)) out.push_back({id});
  return out;
}

void AddScope(const pqxx::row& row, Caller& caller) {
  if (row["organization_id"].is_null()) return;
  const auto role = TextOf(row["role"]);
  auto permissions = caller.permissions;
  if (caller.IsSession()) {
    permissions = ScopesOfRole(role);
  } else if (caller.user) {
    permissions = Intersection(permissions, ScopesOfRole(role));
  }
  caller.scopes.emplace_back(OrganizationId{row["organization_id"].as<std::int64_t>()},
                             TextOf(row["slug"]), caller.user ? caller.user->id : UserId{},
                             ProjectsOf(row["projects"]), std::move(permissions), role);
}

std::optional<Caller> CallerOf(const pqxx::result& rows) {
  std::optional<Caller> out;
  for (const auto& row : rows) {
    if (!out) {
      out.emplace();
      out->token = {row["token_id"].as<std::int64_t>()};
      out->kind = TextOf(row["kind"]);
      out->name = TextOf(row["token_name"]);
      out->user = UserRowOf(row);
      out->permissions = TextArrayOf(row["scopes"]);
      out->is_stale = row["is_stale"].as<bool>();
    }
    AddScope(row, *out);
  }
  if (out && out->IsSession()) {
    for (const auto& scope : out->scopes) {
      for (const auto& permission : scope.Permissions()) {
        if (!IsAllowed(out->permissions, permission)) out->permissions.push_back(permission);
      }
    }
  }
  return out;
}

}  // namespace

Result<std::optional<Caller>> ReadCaller(Session& session, std::string_view token_hash,
                                         Timestamp now) {
  return Read(session, [&](Work& work) {
    return CallerOf(work.Run("caller_by_hash", BytesParam(token_hash), now));
  });
}

Result<std::optional<Caller>> ReadDsnCaller(Session& session, std::string_view public_key,
                                            ProjectId project) {
  return Read(session, [&](Work& work) -> std::optional<Caller> {
    const auto rows = work.Run("caller_by_dsn", std::string(public_key), project.value);
    if (rows.empty()) return std::nullopt;
    Caller caller;
    caller.kind = "dsn";
    caller.permissions = {std::string(kDsnPermission)};
    caller.scopes.emplace_back(OrganizationId{rows[0]["organization_id"].as<std::int64_t>()},
                               TextOf(rows[0]["slug"]), UserId{}, std::vector<ProjectId>{project},
                               caller.permissions);
    return caller;
  });
}

Result<std::optional<Caller>> ReadSessionCaller(Session& session, std::string_view cookie_hash,
                                                Timestamp now) {
  return Read(session, [&](Work& work) {
    return CallerOf(work.Run("caller_by_session", BytesParam(cookie_hash), now,
                             Timestamp{now.micros - kSessionIdleMicros},
                             Timestamp{now.micros - kSessionAgeMicros}));
  });
}

Status TouchCaller(Session& session, const Caller& caller, Timestamp now) {
  return Transact(session, [&](Work& work) {
    work.Run(caller.IsSession() ? "caller_touch_session" : "caller_touch_token", caller.token, now);
  });
}

}  // namespace mishap
