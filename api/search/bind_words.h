// Terms whose values are words of a closed list, objects of the API or people. Inside api/search.
#pragma once

#include "api/search/search_binder.h"
#include "api/search/search_keys.h"

namespace mishap {

// is:, status:, issue.category:, issue.type:, issue.priority:
Result<SearchNode> BindWords(const SearchToken& term, SearchKeyKind kind);
// issue:, issue.id:, project:, project.id:
Result<SearchNode> BindObjects(const SearchToken& term, SearchKeyKind kind,
                               const SearchContext& context);
// assigned:, bookmarks:, subscribed:, team:
Result<SearchNode> BindActors(const SearchToken& term, SearchKeyKind kind,
                              const SearchContext& context);

// "key: text (column N)".
tl::unexpected<Error> BadValue(const SearchToken& term, const SearchValue& value,
                               const std::string& text);

}  // namespace mishap
