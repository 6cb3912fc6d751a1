#include "api/object_shapes.h"

#include "api/entry_parts.h"

namespace mishap {
namespace {

void WriteAvatar(JsonWriter& json) {
  json.Key("avatar").BeginObject().Field("avatarType", "letter_avatar");
  json.Key("avatarUuid").Null().EndObject();
}

void EmptyArray(JsonWriter& json, std::string_view name) {
  json.Key(name).BeginArray().EndArray();
}

void False(JsonWriter& json, std::initializer_list<std::string_view> names) {
  for (auto name : names) json.Field(name, false);
}

void OptionalTime(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& value) {
  json.Key(name);
  value ? json.Time(*value) : json.Null();
}

struct PublicUrl {
  std::string scheme;  // with "://"
  std::string rest;
};

PublicUrl SplitUrl(const std::string& url) {
  auto at = url.find("://");
  if (at == std::string::npos) return {"http://", url};
  return {url.substr(0, at + 3), url.substr(at + 3)};
}

void WriteDsn(const KeyRow& key, const std::string& public_url, JsonWriter& json) {
  auto project = std::to_string(key.project.value);
  auto url = SplitUrl(public_url);
  auto endpoint = [&](std::string_view name) {
    return public_url + "/api/" + project + "/" + std::string(name) +
           "/?sentry_key=" + key.public_key;
  };
  json.Key("dsn").BeginObject();
  json.Field("public", url.scheme + key.public_key + "@" + url.rest + "/" + project);
  json.Field("secret",
             url.scheme + key.public_key + ":" + key.secret_key + "@" + url.rest + "/" + project);
  json.Field("csp", endpoint("csp-report")).Field("security", endpoint("security"));
  json.Field("minidump", endpoint("minidump")).Field("nel", endpoint("nel"));
  json.Field("unreal", public_url + "/api/" + project + "/unreal/" + key.public_key + "/");
  json.Field("crons",
             public_url + "/api/" + project + "/cron/___MONITOR_SLUG___/" + key.public_key + "/");
  for (auto name : {"cdn", "playstation", "integration", "otlp_traces", "otlp_logs"}) {
    json.Field(name, "");
  }
  json.EndObject();
}

void WriteTeamRef(const ProjectTeam& team, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(team.id)).Field("slug", team.slug);
  json.Field("name", team.name).EndObject();
}

}  // namespace

void WriteTextArray(const std::vector<std::string>& values, JsonWriter& json) {
  json.BeginArray();
  for (const auto& value : values) json.String(value);
  json.EndArray();
}

void WriteOrganizationFields(const OrganizationRow& organization, const std::string& public_url,
                             JsonWriter& json) {
  json.Field("id", std::to_string(organization.id.value)).Field("slug", organization.slug);
  json.Field("name", organization.name).Key("status").BeginObject();
  json.Field("id", "active").Field("name", "active").EndObject();
  json.Field("dateCreated", organization.created_at);
  False(json, {"isEarlyAdopter", "require2FA", "requireEmailVerification"});
  WriteAvatar(json);
  EmptyArray(json, "features");
  // No regionUrl: on plain http a client would refuse the calls that follow.
  json.Key("links").BeginObject();
  json.Field("organizationUrl", public_url + "/organizations/" + organization.slug).EndObject();
  json.Field("hasAuthProvider", false).Field("allowMemberInvite", true);
  json.Field("allowMemberProjectCreation", true).Field("allowSuperuserAccess", false);
}

void WriteProjectFields(const ProjectRow& project, JsonWriter& json) {
  json.Field("id", std::to_string(project.id.value)).Field("slug", project.slug);
  json.Field("name", project.name);
  TextOrNull(json, "platform", project.platform);
  json.Field("dateCreated", project.created_at);
  json.Field("isBookmarked", false).Field("isMember", true).Field("hasAccess", true);
  EmptyArray(json, "access");
  EmptyArray(json, "features");
  OptionalTime(json, "firstEvent", project.first_event_at);
  False(json, {"firstTransactionEvent", "hasSessions", "hasMonitors", "hasFeedbacks",
               "hasNewFeedbacks", "hasMinifiedStackTrace", "hasReplays", "hasProfiles", "hasFlags",
               "hasLogs", "isInternal", "isPublic"});
  json.Field("status", "active").Field("color", "#3f70bf");
  WriteAvatar(json);
  json.Key("teams").BeginArray();
  for (const auto& team : project.teams) WriteTeamRef(team, json);
  json.EndArray();
  if (!project.teams.empty()) {
    json.Key("team");
    WriteTeamRef(project.teams.front(), json);
  }
  json.Key("environments");
  WriteTextArray(project.environments, json);
  json.Key("latestRelease");
  if (project.latest_release.empty()) {
    json.Null();
  } else {
    json.BeginObject().Field("version", project.latest_release).EndObject();
  }
}

void WriteProject(const ProjectRow& project, JsonWriter& json) {
  json.BeginObject();
  WriteProjectFields(project, json);
  json.EndObject();
}

void WriteKey(const KeyRow& key, const std::string& public_url, JsonWriter& json) {
  json.BeginObject().Field("id", key.public_key).Field("name", key.name);
  json.Field("label", key.name).Field("public", key.public_key).Field("secret", key.secret_key);
  json.Field("projectId", key.project.value).Field("isActive", key.is_active).Key("rateLimit");
  if (key.rate_limit_count > 0) {
    json.BeginObject().Field("window", key.rate_limit_window_s);
    json.Field("count", key.rate_limit_count).EndObject();
  } else {
    json.Null();
  }
  WriteDsn(key, public_url, json);
  json.Field("browserSdkVersion", "latest").Key("browserSdk").BeginObject();
  EmptyArray(json, "choices");
  json.EndObject().Field("dateCreated", key.created_at);
  json.Key("dynamicSdkLoaderOptions").BeginObject();
  False(json, {"hasReplay", "hasPerformance", "hasDebug"});
  json.EndObject().EndObject();
}

void WriteUser(const UserRow& user, JsonWriter& json) {
  auto id = std::to_string(user.id.value);
  json.BeginObject().Field("id", id);
  TextOrNull(json, "name", user.name);
  json.Field("username", user.email).Field("email", user.email).Field("avatarUrl", "");
  json.Field("isActive", user.is_active);
  WriteAvatar(json);
  json.Field("dateJoined", user.created_at);
  OptionalTime(json, "lastLogin", user.last_login_at);
  False(json, {"has2fa", "isManaged"});
  json.Field("hasPasswordAuth", true);
  False(json, {"isSuperuser", "isStaff"});
  OptionalTime(json, "lastActive", user.last_login_at);
  json.Key("experiments").BeginObject().EndObject().Key("emails").BeginArray();
  json.BeginObject().Field("id", id).Field("email", user.email).Field("is_verified", true);
  json.EndObject().EndArray().EndObject();
}

void WriteActor(std::optional<std::int64_t> id, const std::string& name, const std::string& email,
                JsonWriter& json) {
  if (!id) {
    json.Null();
    return;
  }
  json.BeginObject().Field("id", std::to_string(*id));
  TextOrNull(json, "name", name);
  json.Field("username", email).Field("email", email).Field("avatarUrl", "");
  json.Field("isActive", true);
  WriteAvatar(json);
  json.EndObject();
}

}  // namespace mishap
