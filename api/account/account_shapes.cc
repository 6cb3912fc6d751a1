#include "api/account/account_shapes.h"

#include "api/object_shapes.h"
#include "storage/account/role.h"

namespace mishap {
namespace {

void TimeOrNull(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& value) {
  json.Key(name);
  value ? json.Time(*value) : json.Null();
}

void WriteAvatar(JsonWriter& json) {
  json.Key("avatar").BeginObject().Field("avatarType", "letter_avatar");
  json.Key("avatarUuid").Null().EndObject();
}

void WriteTokenFields(const Token& token, std::string_view text, JsonWriter& json) {
  json.Field("id", std::to_string(token.id.value)).Field("name", token.name).Key("scopes");
  WriteTextArray(token.scopes, json);
  json.Field("tokenLastCharacters", token.last_characters).Field("dateCreated", token.created_at);
  TimeOrNull(json, "dateLastUsed", token.last_used_at);
  TimeOrNull(json, "expiresAt", token.expires_at);
  if (!text.empty()) json.Field("token", text);
}

}  // namespace

void WriteTeam(const Team& team, const Scope& scope, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(team.id.value)).Field("slug", team.slug);
  json.Field("name", team.name).Field("dateCreated", team.created_at);
  json.Field("isMember", team.is_member).Key("teamRole");
  team.is_member ? json.String("contributor") : json.Null();
  json.Key("flags").BeginObject().Field("idp:provisioned", false).EndObject().Key("access");
  WriteTextArray(scope.Permissions(), json);
  const bool sees_all = RoleRank(scope.Role()) >= RoleRank("admin") || !scope.User();
  json.Field("hasAccess", team.is_member || sees_all).Field("isPending", false);
  json.Field("memberCount", team.member_count);
  WriteAvatar(json);
  json.EndObject();
}

void WriteMemberFields(const MemberRow& member, Timestamp now, JsonWriter& json) {
  const bool pending = !member.user;
  json.Field("id", std::to_string(member.id.value)).Field("email", member.email);
  const bool named = member.user && !member.user->name.empty();
  json.Field("name", named ? member.user->name : member.email).Key("user");
  if (member.user) {
    WriteUser(*member.user, json);
  } else {
    json.Null();
  }
  json.Field("orgRole", member.role).Field("role", member.role);
  json.Field("roleName", RoleTitle(member.role)).Field("pending", pending);
  json.Field("expired", pending && member.invite_expires_at && *member.invite_expires_at <= now);
  json.Key("flags").BeginObject();
  for (auto name : {"sso:linked", "sso:invalid", "idp:provisioned", "idp:role-restricted",
                    "member-limit:restricted", "partnership:restricted"}) {
    json.Field(name, false);
  }
  json.EndObject().Field("dateCreated", member.created_at).Field("inviteStatus", "approved");
  json.Key("inviterName");
  member.inviter.empty() ? json.Null() : json.String(member.inviter);
  json.Key("teams");
  WriteTextArray(member.teams, json);
  json.Key("teamRoles").BeginArray();
  for (const auto& slug : member.teams) {
    json.BeginObject().Field("teamSlug", slug).Key("role").Null().EndObject();
  }
  json.EndArray();
}

void WriteMember(const MemberRow& member, Timestamp now, JsonWriter& json) {
  json.BeginObject();
  WriteMemberFields(member, now, json);
  json.EndObject();
}

void WritePersonalToken(const Token& token, std::string_view text, JsonWriter& json) {
  json.BeginObject();
  WriteTokenFields(token, text, json);
  json.Key("application").Null().Key("state").Null().EndObject();
}

void WriteOrganizationToken(const Token& token, std::string_view text, JsonWriter& json) {
  json.BeginObject();
  WriteTokenFields(token, text, json);
  json.Key("projectLastUsedId").Null().EndObject();
}

void WriteLoginSession(const LoginSession& login, bool is_current, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(login.id.value)).Field("ip", login.ip);
  json.Field("userAgent", login.user_agent).Field("dateCreated", login.created_at);
  json.Field("lastSeen", login.last_seen_at).Field("isCurrent", is_current).EndObject();
}

void WriteAuditRow(const AuditRow& row, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(row.id)).Key("actor").BeginObject();
  json.Key("id");
  row.user ? json.String(std::to_string(row.user->value)) : json.Null();
  json.Field("name", row.actor).EndObject().Field("event", row.event);
  json.Field("ipAddress", row.ip).Field("note", row.target).Field("target", row.target);
  json.Key("data").Raw(row.details).Field("dateCreated", row.at).EndObject();
}

}  // namespace mishap
