// Releases and what belongs to them, as storage gives them to the API. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap {

struct RepositoryRow {
  std::int64_t id = 0;
  std::string name;
  std::string url;       // empty: none
  std::string provider;  // "unknown" where commits alone have named it
  bool is_active = true;
  Timestamp created_at;
};

struct CommitFile {
  std::string path;
  std::string type;  // A, M or D
};

struct CommitRow {
  std::int64_t id = 0;
  std::string sha;
  std::string message;
  std::string author_name;
  std::string author_email;
  Timestamp committed_at;
  std::vector<CommitFile> files;
  RepositoryRow repository;
};

struct DeployRow {
  std::int64_t id = 0;
  std::string environment;
  std::optional<std::string> name;
  std::optional<std::string> url;
  std::optional<Timestamp> started_at;
  Timestamp finished_at;
  std::vector<std::int64_t> projects;
};

struct ReleaseProjectRow {
  ProjectId id;
  std::string slug;
  std::string name;
  std::string platform;
  std::int64_t new_issues = 0;  // issues first seen in this release
  std::optional<Timestamp> first_event_at;
  std::optional<Timestamp> last_event_at;
};

struct ReleaseAuthor {
  std::string name;
  std::string email;
};

struct ReleaseDetail {
  std::int64_t id = 0;
  std::string version;
  bool is_archived = false;
  std::string ref;  // empty: none
  std::string url;  // empty: none
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> released_at;
  Timestamp created_at;
  std::vector<ReleaseProjectRow> projects;  // of the caller's scope, by slug
  std::int64_t commit_count = 0;
  std::optional<CommitRow> last_commit;
  std::vector<ReleaseAuthor> authors;
  std::int64_t deploy_count = 0;
  std::optional<DeployRow> last_deploy;
};

}  // namespace mishap
