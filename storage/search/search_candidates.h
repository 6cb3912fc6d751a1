// The issues a search can mean at all, where each of its alternatives has a term that is rare and
// has an index. Inside storage.
#pragma once

#include <optional>
#include <vector>

#include "storage/search/search_names.h"
#include "storage/search/search_plan.h"
#include "storage/search/search_split.h"

namespace mishap {

// Issue ids, sorted; nullopt if some alternative is too frequent or has no such term. pqxx's
// exceptions pass.
std::optional<std::vector<std::int64_t>> FindCandidates(
    Work& work, const Scope& scope, const std::vector<SearchAlternative>& alternatives,
    const SearchNames& names, const SearchWindow& window);

}  // namespace mishap
