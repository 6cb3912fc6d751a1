#include "storage/search/search_split.h"

#include <utility>

namespace mishap {
namespace {

bool IsOfIssue(SearchSubject subject) {
  return !IsOfEvent(subject);
}

using Alternatives = Result<std::vector<SearchAlternative>>;

tl::unexpected<Error> TooMany(std::size_t max) {
  return Fail(Reason::kInvalidArgument,
              "Error parsing search query: OR between conditions on issues and on events makes "
              "more than " +
                  std::to_string(max) + " alternatives; search for them one by one");
}

Alternatives Split(const SearchNode& tree, std::size_t max);

// Children of one kind stay together: only a mixture needs alternatives of its own.
Alternatives SplitOr(const SearchNode& tree, std::size_t max) {
  std::vector<SearchNode> issue;
  std::vector<SearchNode> event;
  std::vector<SearchAlternative> out;
  for (const auto& child : tree.children) {
    if (HasOnly(child, IsOfIssue)) {
      issue.push_back(child);
    } else if (HasOnly(child, IsOfEvent)) {
      event.push_back(child);
    } else {
      auto parts = Split(child, max);
      if (!parts) return parts;
      for (auto& part : *parts) out.push_back(std::move(part));
    }
  }
  if (!issue.empty()) out.push_back({SearchNode::Any(std::move(issue)), {}});
  if (!event.empty()) out.push_back({{}, SearchNode::Any(std::move(event))});
  if (out.size() > max) return TooMany(max);
  return out;
}

Alternatives SplitAnd(const SearchNode& tree, std::size_t max) {
  std::vector<SearchAlternative> out(1);
  for (const auto& child : tree.children) {
    auto parts = Split(child, max);
    if (!parts) return parts;
    if (out.size() * parts->size() > max) return TooMany(max);
    std::vector<SearchAlternative> product;
    product.reserve(out.size() * parts->size());
    for (const auto& have : out) {
      for (const auto& part : *parts) {
        product.push_back({Both(have.issue, part.issue), Both(have.event, part.event)});
      }
    }
    out = std::move(product);
  }
  return out;
}

Alternatives Split(const SearchNode& tree, std::size_t max) {
  if (HasOnly(tree, IsOfIssue)) return std::vector<SearchAlternative>{{tree, {}}};
  if (HasOnly(tree, IsOfEvent)) return std::vector<SearchAlternative>{{{}, tree}};
  return tree.kind == SearchNode::Kind::kOr ? SplitOr(tree, max) : SplitAnd(tree, max);
}

void AddConjuncts(const SearchNode& node, std::vector<const SearchNode*>& out) {
  if (node.kind != SearchNode::Kind::kAnd) {
    out.push_back(&node);
    return;
  }
  for (const auto& child : node.children) AddConjuncts(child, out);
}

}  // namespace

Result<std::vector<SearchAlternative>> SplitSearch(const SearchNode& tree, std::size_t max) {
  return Split(tree, max);
}

std::vector<const SearchNode*> Conjuncts(const SearchNode& tree) {
  std::vector<const SearchNode*> out;
  AddConjuncts(tree, out);
  return out;
}

SearchNode Both(SearchNode a, SearchNode b) {
  if (a.FitsAll()) return b;
  if (b.FitsAll()) return a;
  std::vector<SearchNode> both;
  both.push_back(std::move(a));
  both.push_back(std::move(b));
  return SearchNode::All(std::move(both));
}

}  // namespace mishap
