// Commits of releases and the repositories they are from (schema control).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/connection.h"
#include "storage/release/release_rows.h"
#include "storage/scope.h"

namespace mishap {

inline constexpr std::size_t kReleaseCommitsMax = 1'000;
inline constexpr std::size_t kCommitFilesMax = 500;

struct NewCommit {
  std::string sha;
  std::string repository;
  std::string message;
  std::string author_name;
  std::string author_email;
  std::optional<Timestamp> committed_at;  // absent: now
  std::vector<CommitFile> files;
};

// Replaces the release's list, newest first; repositories that are not known are made.
// Errors: not_found.
Status ReplaceReleaseCommits(Session& session, const Scope& scope, std::string_view version,
                             const std::vector<NewCommit>& commits, Timestamp now);

struct ReleaseRef {
  std::string repository;
  std::string sha;
  std::optional<std::string> previous_sha;
};
// Sets the heads and makes each head the release's newest commit of its repository; none: clears
// heads and commits. Errors: not_found, invalid_argument (detail: the repositories nobody knows,
// joined by ", ").
Status SetReleaseRefs(Session& session, const Scope& scope, std::string_view version,
                      const std::vector<ReleaseRef>& refs, Timestamp now);

// Newest first. Errors: not_found.
Result<std::vector<CommitRow>> ListReleaseCommits(Session& session, const Scope& scope,
                                                  std::string_view version);
// The newest commits of one repository, over all releases. Errors: not_found.
Result<std::vector<CommitRow>> ListRepositoryCommits(Session& session, const Scope& scope,
                                                     std::int64_t repository, int limit);

// By name. part: of the name, any case; empty: all.
Result<std::vector<RepositoryRow>> ListRepositories(Session& session, const Scope& scope,
                                                    std::string_view part);
// A name that is known, in any case, gives the known one (with the new url, if any).
Result<RepositoryRow> SaveRepository(Session& session, const Scope& scope, std::string_view name,
                                     const std::optional<std::string>& url);
// The commits stay; the repository leaves the lists. Errors: not_found.
Status HideRepository(Session& session, const Scope& scope, std::int64_t repository);

}  // namespace mishap
