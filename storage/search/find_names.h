// Releases and commits whose name, sha or message has a text in it: for the one search over
// everything.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct FoundRelease {
  std::string version;
  Timestamp created_at;
};
struct FoundCommit {
  std::string sha;
  std::string message;
  std::string repository;
  std::string author_name;
  Timestamp committed_at;
};
struct FoundNames {
  std::vector<FoundRelease> releases;  // newest first
  std::vector<FoundCommit> commits;    // newest first
};

// Releases of the scope's projects and commits of those releases; at most `limit` of each. text: in
// any case, of a commit also the beginning of its sha.
Result<FoundNames> FindReleasesAndCommits(Session& session, const Scope& scope,
                                          const std::string& text, int limit);

}  // namespace mishap
