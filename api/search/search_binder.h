// Gives the terms of a parsed search their meaning: keys, types, ids. What comes out is a
// SearchTree for storage; names that only the database knows (tags, releases, people) are left in
// it as text.
#pragma once

#include <string_view>
#include <vector>

#include "api/search/search_parser.h"
#include "base/clock.h"
#include "base/ids.h"
#include "storage/read_projects.h"
#include "storage/search/search_tree.h"

namespace mishap {

struct SearchContext {
  Timestamp now;
  const std::vector<ProjectRow>& projects;  // those the search may look at
  UserId user;                              // none for tokens without a person
};

// Parses and binds. Errors: invalid_argument "Error parsing search query: ... (column N)".
Result<SearchNode> ReadSearch(std::string_view query, const SearchContext& context);

// Binds one term; search_binder.cc walks the tree. Errors without prefix.
Result<SearchNode> BindTerm(const SearchToken& term, const SearchContext& context);
// The leaf for "there is a value", for has:key and key:"". nullopt if the key cannot be absent.
std::optional<SearchLeaf> PresenceOf(std::string_view key);
// Words found anywhere in title, message and stack.
SearchNode BindText(std::string_view text);

}  // namespace mishap
