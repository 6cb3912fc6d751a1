// A SearchTree as one SQL condition on the issue `i`, and the few issues it can mean at all where
// an index knows them. Inside storage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/pqxx_session.h"
#include "storage/scope.h"
#include "storage/search/search_tree.h"
#include "storage/sql_template.h"

namespace mishap {

// A query that mixes conditions on issues and on events in OR becomes at most this many
// alternatives.
inline constexpr std::size_t kSearchAlternativesMax = 32;
// A tag with at most this many hash rows is looked up by its own index; a more frequent one is
// tested on the issues in list order, where it is found soon. A row found costs 5 buffers and an
// issue tested 9: among 20,000 issues, pages of 25, the two cost the same at about 750.
inline constexpr std::int64_t kSearchCandidatesMax = 800;
// The same for text, where a row found costs a look into the sample as well.
inline constexpr std::int64_t kSearchSamplesMax = 150;
// The same for what only a scan over the window's events finds.
inline constexpr std::int64_t kSearchEventsMax = 2000;

struct SearchWindow {
  Timestamp start;
  Timestamp end;
  std::vector<std::string> environments;  // one of them; empty: any
  bool until_now = false;                 // nothing can have been seen after `end`
  std::string start_value;                // placeholders of the two
  std::string end_value;
};

struct SearchPlan {
  std::string condition = "true";
  std::optional<std::vector<std::int64_t>> candidates;  // issue ids; sorted
  bool reads_events = false;  // costs more than a look at the issue itself
};

// Errors: invalid_argument (too many alternatives, unknown team). pqxx's exceptions pass.
Result<SearchPlan> PlanIssueSearch(Work& work, const Scope& scope, const SearchNode& tree,
                                   const SearchWindow& window, SqlTemplate& sql);

// The same for a list of events: a condition on `e`, beginning with "and", or "".
Result<std::string> PlanEventSearch(Work& work, const Scope& scope, const SearchNode& tree,
                                    SqlTemplate& sql);

}  // namespace mishap
