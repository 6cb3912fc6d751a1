#include "storage/read_caller.h"

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

}  // namespace

Result<std::optional<Caller>> ReadCaller(Session& session, std::string_view token_hash,
                                         Timestamp now) {
  return Read(session, [&](Work& work) {
    std::optional<Caller> out;
    for (const auto& row : work.Run("caller_by_hash", BytesParam(token_hash), now)) {
      if (!out) {
        out.emplace();
        out->token = {row["token_id"].as<std::int64_t>()};
        out->kind = TextOf(row["kind"]);
        out->user = UserRowOf(row);
        out->permissions = TextArrayOf(row["scopes"]);
        out->is_stale = row["is_stale"].as<bool>();
      }
      if (row["organization_id"].is_null()) continue;
      out->scopes.emplace_back(OrganizationId{row["organization_id"].as<std::int64_t>()},
                               TextOf(row["slug"]), out->user ? out->user->id : UserId{},
                               ProjectsOf(row["projects"]), out->permissions);
    }
    return out;
  });
}

Status TouchToken(Session& session, TokenId token, Timestamp now) {
  return Transact(session, [&](Work& work) { work.Run("caller_touch_token", token, now); });
}

}  // namespace mishap
