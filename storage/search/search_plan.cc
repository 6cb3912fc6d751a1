#include "storage/search/search_plan.h"

#include <algorithm>
#include <utility>

#include "storage/read_rows.h"
#include "storage/search/search_candidates.h"
#include "storage/search/search_split.h"
#include "storage/search/search_sql.h"
#include "storage/sql.h"

namespace mishap {
namespace {

// The conditions of an event that hold together, each with its place.
struct EventParts {
  std::vector<const SearchNode*> sample;  // samples alone decide
  std::vector<const SearchNode*> event;
};

EventParts PartsOf(const SearchNode& tree) {
  EventParts out;
  for (const auto* part : Conjuncts(tree)) {
    (HasOnly(*part, IsOfSample) ? out.sample : out.event).push_back(part);
  }
  return out;
}

bool IsCountedTag(const SearchLeaf& leaf, const SearchSql& parts) {
  bool is_tag = leaf.subject == SearchSubject::kTag || leaf.subject == SearchSubject::kRelease;
  return is_tag && !leaf.is_negated && parts.NamesOf(leaf).is_rolled_up;
}

// "exists (...)" for the conditions on one event.
std::string EventCondition(const SearchNode& tree, bool until_now, SearchSql& parts) {
  auto places = PartsOf(tree);
  if (places.sample.empty() && places.event.size() == 1 &&
      places.event[0]->kind == SearchNode::Kind::kLeaf) {
    const auto& leaf = places.event[0]->leaf;
    const auto& names = parts.NamesOf(leaf);
    if (leaf.subject == SearchSubject::kEnvironment && !leaf.is_negated) {
      auto arms = parts.EnvironmentArms(leaf);
      return arms == "false" ? arms : parts.Part("search_exists_environment", {{"arms", arms}});
    }
    if (IsCountedTag(leaf, parts) && (leaf.presence || !names.is_open)) {
      auto arms = parts.TagArms(leaf);
      if (arms == "false") return arms;
      std::string past;
      if (!until_now) past = parts.Part("search_past_tag", {{"inner", "and " + parts.Leaf(leaf)}});
      return parts.Part("search_exists_tag", {{"arms", arms}, {"past", past}});
    }
  }
  std::string outer;
  std::string inner;
  for (const auto* part : places.sample) outer += " and " + parts.Tree(*part);
  for (const auto* part : places.event) {
    if (part->kind == SearchNode::Kind::kLeaf && IsCountedTag(part->leaf, parts)) {
      // "false" where no project has the tag: then nothing fits.
      auto arms = parts.TagArms(part->leaf);
      outer +=
          " and " + (arms == "false" ? arms : parts.Part("search_hash_had_tag", {{"arms", arms}}));
    }
    inner += " and " + parts.Tree(*part);
  }
  auto past = until_now ? std::string() : parts.Part("search_past_sample", {});
  return parts.Part(inner.empty() ? "search_exists_sample" : "search_exists_event",
                    {{"outer", outer}, {"inner", inner}, {"past", past}});
}

}  // namespace

Result<SearchPlan> PlanIssueSearch(Work& work, const Scope& scope, const SearchNode& tree,
                                   const SearchWindow& window, SqlTemplate& sql) {
  auto alternatives = SplitSearch(tree, kSearchAlternativesMax);
  if (!alternatives) return Fail(alternatives.error());
  if (!window.environments.empty()) {
    SearchLeaf leaf;
    leaf.subject = SearchSubject::kEnvironment;
    leaf.names = window.environments;
    for (auto& one : *alternatives) {
      one.event = Both(std::move(one.event), SearchNode::Of(leaf));
    }
  }
  SearchNames names;
  for (const auto& one : *alternatives) {
    for (const auto* part : {&one.issue, &one.event}) {
      auto found = ResolveNames(work, scope, *part, window.environments);
      if (!found) return Fail(found.error());
      names.merge(std::move(*found));
    }
  }
  SearchPlan plan;
  plan.candidates = FindCandidates(work, scope, *alternatives, names, window);
  if (plan.candidates && plan.candidates->empty()) return plan;  // nothing fits
  SearchSql parts(names, window.start_value, window.end_value, sql);
  std::string condition;
  for (const auto& one : *alternatives) {
    auto each = parts.Tree(one.issue);
    if (!one.event.FitsAll()) {
      each.insert(0, "(").append(" and ");
      each.append(EventCondition(one.event, window.until_now, parts)).append(")");
      plan.reads_events = true;
    }
    condition += (condition.empty() ? "" : " or ") + each;
  }
  plan.condition = condition.empty() ? "false" : "(" + condition + ")";
  return plan;
}

Result<std::string> PlanEventSearch(Work& work, const Scope& scope, const SearchNode& tree,
                                    SqlTemplate& sql) {
  if (tree.FitsAll()) return std::string();
  auto names = ResolveNames(work, scope, tree, {});
  if (!names) return Fail(names.error());
  SearchSql parts(*names, "", "", sql);
  auto condition = parts.Tree(tree);
  bool own = HasOnly(
      tree, [](SearchSubject subject) { return IsOfEvent(subject) && !IsOfSample(subject); });
  if (own) return "and " + condition;
  return SqlTemplate::Fill(Sql("search_event_of_issue"), {{"condition", condition}});
}

}  // namespace mishap
