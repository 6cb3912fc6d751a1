// The names of a search as ids: tags, environments, releases and people, which each project numbers
// for itself. Looked up before the search is put into SQL. Inside storage: it shows pqxx.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/pqxx_session.h"
#include "storage/scope.h"
#include "storage/search/search_tree.h"

namespace mishap {

// More values than this are not listed but tested one by one.
inline constexpr int kSearchValuesMax = 1000;
// release.version and release.build look at this many releases of a project, the newest.
inline constexpr int kSearchReleasesMax = 10'000;

struct ProjectNames {
  std::int64_t project = 0;
  std::int64_t key = 0;           // the tag's, 0 for environments and releases
  std::vector<std::int64_t> ids;  // sorted
};

struct LeafNames {
  std::vector<ProjectNames> projects;  // those that have the name at all
  bool is_open = false;                // ids are not listed: presence, or too many values
  bool is_rolled_up = false;         // hash_tag counts all of the values (or counts them as others)
  std::vector<std::int64_t> hashes;  // UniqueTagHash of values without an id
  std::vector<std::int64_t> users;
  std::vector<std::int64_t> teams;
  // Of kFirstRelease with environments asked for: their ids, per project.
  std::vector<ProjectNames> environments;
};

using SearchNames = std::map<const SearchLeaf*, LeafNames>;  // into the tree, which must stay

// environments: those the whole request is restricted to. Errors: invalid_argument for an unknown
// team.
Result<SearchNames> ResolveNames(Work& work, const Scope& scope, const SearchNode& tree,
                                 const std::vector<std::string>& environments);

}  // namespace mishap
