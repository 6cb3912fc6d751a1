// How rows of release.sql and commit.sql become structs. For storage/release/*.cc only.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "storage/pqxx_session.h"
#include "storage/release/release_rows.h"
#include "storage/scope.h"

namespace mishap {

// Of the columns that release_commits, release_last_commits and repository_commits share.
CommitRow CommitRowOf(const pqxx::row& row);
DeployRow DeployRowOf(const pqxx::row& row);
RepositoryRow RepositoryRowOf(const pqxx::row& row);  // id, name, url, provider, status, created_at

// Throws pqxx exceptions. nullopt: the scope sees no release of that name.
std::optional<std::int64_t> ReleaseIdOf(Work& work, const Scope& scope, std::string_view version);
// Whole releases, in the order of the ids; projects are those of the scope.
std::vector<ReleaseDetail> LoadReleases(Work& work, const Scope& scope,
                                        const std::vector<std::int64_t>& ids);

inline tl::unexpected<Error> NoRelease(std::string_view version) {
  return Fail(Reason::kNotFound, "no such release: " + std::string(version));
}

}  // namespace mishap
