// The commit that "resolved in a commit" names.
#pragma once

#include <optional>
#include <string>

#include "storage/read_issues.h"

namespace mishap {

struct CommitOfProject {
  std::string repository;
  std::string sha;              // empty: the repository has no such commit
  std::int32_t release_id = 0;  // tenant.project_release: the newest that has it; 0: in none yet
  std::string version;
};

// commit: an id or its beginning. nullopt: the organization has no such repository.
Result<std::optional<CommitOfProject>> FindCommit(Session& session, const Scope& scope,
                                                  ProjectId project, const std::string& repository,
                                                  const std::string& commit);

}  // namespace mishap
