#include "api/release/release_shape.h"

#include "event/release_version.h"

namespace mishap {
namespace {

// An empty text is none.
void TextOrNull(JsonWriter& json, std::string_view name, const std::string& value) {
  json.Key(name);
  value.empty() ? json.Null() : json.String(value);
}

void TimeOrNull(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& value) {
  json.Key(name);
  value ? json.Time(*value) : json.Null();
}

void WriteProjects(const ReleaseDetail& release, JsonWriter& json) {
  json.Key("projects").BeginArray();
  for (const auto& project : release.projects) {
    json.BeginObject().Field("id", project.id.value).Field("slug", project.slug);
    json.Field("name", project.name).Field("newGroups", project.new_issues);
    TextOrNull(json, "platform", project.platform);
    json.Key("platforms").BeginArray();
    if (!project.platform.empty()) json.String(project.platform);
    json.EndArray().Field("hasHealthData", false).EndObject();
  }
  json.EndArray();
}

void WriteAuthors(const ReleaseDetail& release, JsonWriter& json) {
  json.Key("authors").BeginArray();
  for (const auto& author : release.authors) {
    json.BeginObject().Field("name", author.name).Field("email", author.email).EndObject();
  }
  json.EndArray();
}

void WriteSeen(const ReleaseDetail& release, JsonWriter& json) {
  std::optional<Timestamp> first, last;
  std::int64_t new_issues = 0;
  for (const auto& project : release.projects) {
    new_issues += project.new_issues;
    if (project.first_event_at && (!first || *project.first_event_at < *first)) {
      first = project.first_event_at;
    }
    if (project.last_event_at && (!last || *project.last_event_at > *last)) {
      last = project.last_event_at;
    }
  }
  json.Field("newGroups", new_issues);
  TimeOrNull(json, "firstEvent", first);
  TimeOrNull(json, "lastEvent", last);
}

}  // namespace

void WriteVersionParts(std::string_view version, JsonWriter& json) {
  const auto parsed = ParseReleaseVersion(version);
  json.BeginObject();
  TextOrNull(json, "package", parsed.package);
  json.Key("version");
  if (parsed.semantic) {
    const auto& semantic = *parsed.semantic;
    json.BeginObject().Field("raw", parsed.rest).Field("major", semantic.numbers[0]);
    json.Field("minor", semantic.numbers[1]).Field("patch", semantic.numbers[2]);
    TextOrNull(json, "pre", semantic.prerelease);
    TextOrNull(json, "buildCode", semantic.build);
    json.Field("components", semantic.components).EndObject();
  } else {
    json.BeginObject().Field("raw", parsed.rest).EndObject();
  }
  json.Field("description", parsed.Description());
  TextOrNull(json, "buildHash", parsed.build_hash);
  json.EndObject();
}

void WriteRepository(const RepositoryRow& repository, JsonWriter& json) {
  const bool unknown = repository.provider == "unknown";
  json.BeginObject().Field("id", std::to_string(repository.id)).Field("name", repository.name);
  TextOrNull(json, "url", repository.url);
  json.Key("provider").BeginObject().Field("id", repository.provider);
  json.Field("name", unknown ? "Unknown Provider" : repository.provider).EndObject();
  json.Field("status", repository.is_active ? "active" : "hidden");
  json.Field("dateCreated", repository.created_at);
  for (auto name : {"integrationId", "externalSlug", "externalId", "settings"}) {
    json.Key(name).Null();
  }
  json.EndObject();
}

void WriteCommit(const CommitRow& commit, const ReleaseDetail* release, JsonWriter& json) {
  json.BeginObject().Field("id", commit.sha).Field("message", commit.message);
  json.Field("dateCreated", commit.committed_at).Key("pullRequest").Null();
  json.Field("suspectCommitType", "").Key("repository");
  WriteRepository(commit.repository, json);
  json.Key("author").BeginObject().Field("name", commit.author_name);
  json.Field("email", commit.author_email).EndObject();
  json.Key("releases").BeginArray();
  if (release) {
    json.BeginObject().Field("version", release->version);
    json.Field("shortVersion", ParseReleaseVersion(release->version).Description());
    json.Field("dateCreated", release->created_at);
    TimeOrNull(json, "dateReleased", release->released_at);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteDeploy(const DeployRow& deploy, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(deploy.id));
  json.Field("environment", deploy.environment);
  TimeOrNull(json, "dateStarted", deploy.started_at);
  json.Field("dateFinished", deploy.finished_at);
  TextOrNull(json, "name", deploy.name.value_or(""));
  TextOrNull(json, "url", deploy.url.value_or(""));
  json.EndObject();
}

void WriteRelease(const ReleaseDetail& release, JsonWriter& json) {
  json.BeginObject().Field("id", release.id).Field("version", release.version);
  json.Field("status", release.is_archived ? "archived" : "open");
  json.Field("shortVersion", ParseReleaseVersion(release.version).Description());
  json.Key("versionInfo");
  WriteVersionParts(release.version, json);
  TextOrNull(json, "ref", release.ref);
  TextOrNull(json, "url", release.url);
  TimeOrNull(json, "dateReleased", release.released_at);
  json.Field("dateCreated", release.created_at);
  TimeOrNull(json, "dateStarted", release.started_at);
  json.Key("data").BeginObject().EndObject().Key("owner").Null();
  json.Field("commitCount", release.commit_count).Key("lastCommit");
  release.last_commit ? WriteCommit(*release.last_commit, nullptr, json) : void(json.Null());
  json.Field("deployCount", release.deploy_count).Key("lastDeploy");
  release.last_deploy ? WriteDeploy(*release.last_deploy, json) : void(json.Null());
  WriteAuthors(release, json);
  WriteProjects(release, json);
  WriteSeen(release, json);
  json.Key("currentProjectMeta").BeginObject().EndObject().Key("userAgent").Null().EndObject();
}

}  // namespace mishap
