#include "grouping/g1/exception_plan.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "grouping/g1/exception_type.h"

namespace mishap::g1 {
namespace {

using Children = std::unordered_map<std::int64_t, std::vector<std::size_t>>;

bool HasFrames(const Exception& e) {
  return e.stacktrace && !e.stacktrace->frames.empty();
}
bool IsGroup(const Exception& e) {
  return e.mechanism && e.mechanism->is_exception_group.value_or(false);
}
std::int64_t IdOf(const Exception& e) {
  return *e.mechanism->exception_id;
}

// The tree of exception groups; valid only if every exception has an id of its own and hangs on
// another.
struct Tree {
  std::unordered_map<std::int64_t, std::size_t> by_id;
  Children children;  // of a parent's id, ordered by id
};

bool ReadTree(const std::vector<Exception>& all, Tree& tree) {
  if (all.size() < 2 || all.size() > kGroupNodesMax) return false;
  const auto groups = std::count_if(all.begin(), all.end(), IsGroup);
  if (groups == 0 || static_cast<std::size_t>(groups) == all.size()) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& mechanism = all[i].mechanism;
    if (!mechanism || !mechanism->exception_id) return false;
    if (mechanism->parent_id == mechanism->exception_id) return false;
    if (!tree.by_id.emplace(*mechanism->exception_id, i).second) return false;
    if (mechanism->parent_id) tree.children[*mechanism->parent_id].push_back(i);
  }
  if (!tree.by_id.contains(0)) return false;
  for (auto& [parent, list] : tree.children) {
    if (!tree.by_id.contains(parent)) return false;
    std::sort(list.begin(), list.end(),
              [&](std::size_t a, std::size_t b) { return IdOf(all[a]) < IdOf(all[b]); });
  }
  return true;
}

// First descendants of the root that are no groups. False: a cycle, or deeper than allowed.
bool CollectMembers(const std::vector<Exception>& all, const Tree& tree,
                    std::vector<std::size_t>& members) {
  std::vector<bool> seen(all.size(), false);
  std::vector<std::pair<std::size_t, std::size_t>> open{{tree.by_id.at(0), 0}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    if (seen[node] || depth > kGroupDepthMax) return false;
    seen[node] = true;
    if (!IsGroup(all[node])) {
      members.push_back(node);
      continue;
    }
    const auto list = tree.children.find(IdOf(all[node]));
    if (list == tree.children.end()) continue;
    for (std::size_t child : list->second) open.emplace_back(child, depth + 1);
  }
  std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
    return std::forward_as_tuple(all[a].type, IdOf(all[a])) <
           std::forward_as_tuple(all[b].type, IdOf(all[b]));
  });
  return !members.empty();
}

// The exception and its first child, that one's first child, and so on. Empty: a cycle.
std::vector<std::size_t> FirstChildPath(const std::vector<Exception>& all, const Tree& tree,
                                        std::size_t from) {
  std::vector<std::size_t> path{from};
  while (path.size() <= kGroupDepthMax) {
    const auto list = tree.children.find(IdOf(all[path.back()]));
    if (list == tree.children.end()) break;
    const std::size_t child = list->second.front();
    if (std::find(path.begin(), path.end(), child) != path.end()) break;
    path.push_back(child);
  }
  return path;
}

// chain: outermost first.
void PlanChain(const Event& event, std::vector<std::size_t> chain, ExceptionPlan& plan) {
  while (chain.size() > 1 && IsDecoration(event.exceptions[chain.back()])) {
    plan.left_out.push_back({chain.back(), "the component stack of the error before it"});
    chain.pop_back();
  }
  std::size_t outer = 0;
  while (outer + 1 < chain.size() && IsPureWrapper(event.exceptions[chain[outer]]) &&
         HasFrames(event.exceptions[chain[outer + 1]])) {
    plan.left_out.push_back({chain[outer], "a wrapper around the next exception"});
    ++outer;
  }
  plan.main = chain[outer];
  plan.parts.push_back({chain[outer], ExceptionRole::kOuter});
  if (outer + 1 == chain.size()) return;
  for (std::size_t i = outer + 1; i + 1 < chain.size(); ++i) {
    plan.left_out.push_back(
        {chain[i], "in the middle of the chain: outermost and root cause decide"});
  }
  plan.parts.push_back({chain.back(), ExceptionRole::kRoot});
}

bool PlanGroup(const Event& event, MemberFilter& filter, ExceptionPlan& plan) {
  Tree tree;
  const auto& all = event.exceptions;
  std::vector<std::size_t> members;
  if (!ReadTree(all, tree) || !CollectMembers(all, tree, members)) return false;
  const std::vector<std::size_t> found = members;
  filter.KeepDistinct(members);
  std::vector<bool> planned(all.size(), false);
  if (members.size() == 1) {
    const auto path = FirstChildPath(all, tree, members.front());
    PlanChain(event, path, plan);
    for (std::size_t i : path) planned[i] = true;
  } else {
    for (std::size_t i : members) plan.parts.push_back({i, ExceptionRole::kMember});
    plan.main = tree.by_id.at(0);
    plan.parts.push_back({plan.main, ExceptionRole::kGroup});
    plan.group = true;
    for (const PlannedException& part : plan.parts) planned[part.index] = true;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (planned[i]) continue;
    const bool member = std::find(found.begin(), found.end(), i) != found.end();
    plan.left_out.push_back({i, member ? "same content as another member of the group, or beyond 8"
                                       : "inside the exception group: its members decide"});
  }
  return true;
}

}  // namespace

void ExceptionPlan::Clear() {
  parts.clear();
  left_out.clear();
  main = 0;
  group = false;
}

void PlanExceptions(const Event& event, MemberFilter& filter, ExceptionPlan& plan) {
  plan.Clear();
  const std::size_t count = event.exceptions.size();
  const bool any_group = std::any_of(event.exceptions.begin(), event.exceptions.end(), IsGroup);
  if (any_group && PlanGroup(event, filter, plan)) return;
  plan.Clear();
  std::vector<std::size_t> chain;
  for (std::size_t i = count; i-- > 0;) {
    if (count > kExceptionsMax && i > 0 && i < count - kExceptionsMax) {
      plan.left_out.push_back({i, "in the middle of a chain of more than 50 exceptions"});
      continue;
    }
    chain.push_back(i);
  }
  PlanChain(event, std::move(chain), plan);
}

}  // namespace mishap::g1
