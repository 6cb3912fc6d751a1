#include "api/search/search_binder.h"

#include <utility>

#include "api/search/search_keys.h"
#include "api/search/search_values.h"
#include "base/bytes.h"

namespace mishap {
namespace {

Result<SearchNode> Bind(const ParsedSearch& tree, const SearchContext& context) {
  switch (tree.kind) {
    case ParsedSearch::Kind::kTerm:
      return BindTerm(tree.term, context);
    case ParsedSearch::Kind::kText:
      return BindText(tree.term.text);
    default:
      break;
  }
  SearchNode node;
  node.kind = tree.kind == ParsedSearch::Kind::kOr ? SearchNode::Kind::kOr : SearchNode::Kind::kAnd;
  node.children.reserve(tree.children.size());
  for (const auto& child : tree.children) {
    auto bound = Bind(child, context);
    if (!bound) return bound;
    node.children.push_back(std::move(*bound));
  }
  return node;
}

}  // namespace

SearchNode BindText(std::string_view text) {
  SearchLeaf leaf;
  leaf.subject = SearchSubject::kText;
  auto pattern = ParsePattern(ToLowerAscii(text));
  // Text is a part of something anyway: stars around it say nothing new.
  auto& pieces = pattern.pieces;
  while (pieces.size() > 1 && pieces.front().empty()) pieces.erase(pieces.begin());
  while (pieces.size() > 1 && pieces.back().empty()) pieces.pop_back();
  if (pieces.size() == 1 && pieces.front().empty()) return {};
  leaf.patterns.push_back(std::move(pattern));
  return SearchNode::Of(std::move(leaf));
}

std::optional<SearchLeaf> PresenceOf(std::string_view name) {
  SearchLeaf leaf;
  leaf.presence = true;
  auto key = FindSearchKey(name);
  leaf.key = key.target;
  switch (key.kind) {
    case SearchKeyKind::kTag:
    case SearchKeyKind::kTagAnyCase:
      leaf.subject = SearchSubject::kTag;
      break;
    case SearchKeyKind::kRelease:
    case SearchKeyKind::kReleaseVersion:
      leaf.subject = SearchSubject::kTag;
      leaf.key = "release";
      break;
    case SearchKeyKind::kUser:
      leaf.subject = SearchSubject::kTag;
      leaf.key = "user";
      break;
    case SearchKeyKind::kHandled:
    case SearchKeyKind::kUnhandled:
      leaf.subject = SearchSubject::kTag;
      leaf.key = "handled";
      break;
    case SearchKeyKind::kFact:
    case SearchKeyKind::kFactNumber:
    case SearchKeyKind::kFactBool:
      leaf.subject = SearchSubject::kFact;
      break;
    case SearchKeyKind::kFirstRelease:
      leaf.subject = SearchSubject::kFirstRelease;
      break;
    case SearchKeyKind::kRegressedIn:
      leaf.subject = SearchSubject::kRegressedIn;
      break;
    case SearchKeyKind::kTitle:
      leaf.subject = SearchSubject::kTitle;
      break;
    case SearchKeyKind::kCulprit:
      leaf.subject = SearchSubject::kCulprit;
      break;
    case SearchKeyKind::kPlatform:
      leaf.subject = SearchSubject::kPlatform;
      break;
    case SearchKeyKind::kMessage:
      leaf.subject = SearchSubject::kMessage;
      break;
    case SearchKeyKind::kAssigned:
      leaf.subject = SearchSubject::kAssigned;
      break;
    default:
      return std::nullopt;
  }
  return leaf;
}

Result<SearchNode> ReadSearch(std::string_view query, const SearchContext& context) {
  auto prefixed = [](const Error& error) {
    return Fail(error.reason, "Error parsing search query: " + error.detail);
  };
  auto tree = ParseSearch(query);
  if (!tree) return prefixed(tree.error());
  auto bound = Bind(*tree, context);
  if (!bound) return prefixed(bound.error());
  return bound;
}

}  // namespace mishap
