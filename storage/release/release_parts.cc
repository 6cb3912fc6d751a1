#include "storage/release/release_parts.h"

#include <algorithm>

namespace mishap {
namespace {

constexpr std::size_t kAuthorsMax = 20;

std::string TextOf(const pqxx::field& field) {
  return std::string(field.c_str(), field.size());
}

std::optional<std::string> OptionalTextOf(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional<std::string>(TextOf(field));
}

std::vector<CommitFile> FilesOf(const pqxx::row& row) {
  auto paths = TextArrayOf(row["file_paths"]);
  auto types = TextArrayOf(row["file_types"]);
  std::vector<CommitFile> out;
  out.reserve(paths.size());
  for (std::size_t i = 0; i < std::min(paths.size(), types.size()); ++i) {
    out.push_back({std::move(paths[i]), std::move(types[i])});
  }
  return out;
}

ReleaseDetail ReleaseDetailOf(const pqxx::row& row) {
  ReleaseDetail out;
  out.id = row["id"].as<std::int64_t>();
  out.version = TextOf(row["version"]);
  out.is_archived = row["status"].as<int>() == 1;
  out.ref = TextOf(row["ref"]);
  out.url = TextOf(row["url"]);
  out.started_at = OptionalTimestampOf(row["date_started"]);
  out.released_at = OptionalTimestampOf(row["date_released"]);
  out.created_at = TimestampOf(row["created_at"]);
  out.commit_count = row["commit_count"].as<std::int64_t>();
  out.deploy_count = row["deploy_count"].as<std::int64_t>();
  return out;
}

ReleaseProjectRow ProjectRowOf(const pqxx::row& row) {
  ReleaseProjectRow out;
  out.id = {row["id"].as<std::int64_t>()};
  out.slug = TextOf(row["slug"]);
  out.name = TextOf(row["name"]);
  out.platform = TextOf(row["platform"]);
  out.new_issues = row["new_issues"].as<std::int64_t>();
  out.first_event_at = OptionalTimestampOf(row["first_seen"]);
  out.last_event_at = OptionalTimestampOf(row["last_seen"]);
  return out;
}

}  // namespace

RepositoryRow RepositoryRowOf(const pqxx::row& row) {
  return {row["id"].as<std::int64_t>(), TextOf(row["name"]),
          TextOf(row["url"]),           TextOf(row["provider"]),
          row["status"].as<int>() == 0, TimestampOf(row["created_at"])};
}

CommitRow CommitRowOf(const pqxx::row& row) {
  CommitRow out;
  out.id = row["id"].as<std::int64_t>();
  out.sha = TextOf(row["sha"]);
  out.message = TextOf(row["message"]);
  out.author_name = TextOf(row["author_name"]);
  out.author_email = TextOf(row["author_email"]);
  out.committed_at = TimestampOf(row["committed_at"]);
  out.files = FilesOf(row);
  out.repository = {
      row["repository_id"].as<std::int64_t>(), TextOf(row["repository_name"]),
      TextOf(row["repository_url"]),           TextOf(row["provider"]),
      row["repository_status"].as<int>() == 0, TimestampOf(row["repository_created_at"])};
  return out;
}

DeployRow DeployRowOf(const pqxx::row& row) {
  DeployRow out;
  out.id = row["id"].as<std::int64_t>();
  out.environment = TextOf(row["environment"]);
  out.name = OptionalTextOf(row["name"]);
  out.url = OptionalTextOf(row["url"]);
  out.started_at = OptionalTimestampOf(row["date_started"]);
  out.finished_at = TimestampOf(row["date_finished"]);
  out.projects = Int64ArrayOf(row["project_ids"]);
  return out;
}

std::optional<std::int64_t> ReleaseIdOf(Work& work, const Scope& scope, std::string_view version) {
  auto rows = work.Run("release_id", scope.Organization(), ArrayParam(scope.Projects()), version);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].as<std::int64_t>();
}

std::vector<ReleaseDetail> LoadReleases(Work& work, const Scope& scope,
                                        const std::vector<std::int64_t>& ids) {
  std::vector<ReleaseDetail> out;
  if (ids.empty()) return out;
  const auto wanted = ArrayParam(ids);
  std::map<std::int64_t, std::size_t> places;
  for (const auto& row : work.Run("release_rows", wanted)) {
    places[row["id"].as<std::int64_t>()] = out.size();
    out.push_back(ReleaseDetailOf(row));
  }
  auto release_of = [&](const pqxx::row& row) -> ReleaseDetail& {
    return out[places.at(row["release_id"].as<std::int64_t>())];
  };
  for (const auto& row : work.Run("release_project_rows", wanted, ArrayParam(scope.Projects()))) {
    release_of(row).projects.push_back(ProjectRowOf(row));
  }
  for (const auto& row : work.Run("release_last_commits", wanted)) {
    release_of(row).last_commit = CommitRowOf(row);
  }
  for (const auto& row : work.Run("release_authors", wanted)) {
    auto& authors = release_of(row).authors;
    if (authors.size() == kAuthorsMax) continue;
    authors.push_back({TextOf(row["author_name"]), TextOf(row["author_email"])});
  }
  for (const auto& row : work.Run("release_last_deploys", wanted)) {
    release_of(row).last_deploy = DeployRowOf(row);
  }
  return out;
}

}  // namespace mishap
