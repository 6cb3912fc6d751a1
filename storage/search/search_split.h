// A search as alternatives, each a condition on the issue and one on a single event of it. Pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "storage/search/search_tree.h"

namespace mishap {

struct SearchAlternative {
  SearchNode issue;
  SearchNode event;  // FitsAll(): no event is asked for
};

// Errors: invalid_argument beyond `max` alternatives.
Result<std::vector<SearchAlternative>> SplitSearch(const SearchNode& tree, std::size_t max);

// What holds together: the children of a conjunction, or the node itself.
std::vector<const SearchNode*> Conjuncts(const SearchNode& tree);
SearchNode Both(SearchNode a, SearchNode b);

template <class Predicate>
bool HasOnly(const SearchNode& node, Predicate&& fits) {
  if (node.kind == SearchNode::Kind::kLeaf) return fits(node.leaf.subject);
  for (const auto& child : node.children) {
    if (!HasOnly(child, fits)) return false;
  }
  return true;
}

}  // namespace mishap
