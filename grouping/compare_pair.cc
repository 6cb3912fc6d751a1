// One issue or two: what resolving two events in a project that knows nothing else comes to, alias
// rule included, and the defaults of algorithms without rules.
#include <fmt/format.h>

#include "grouping/grouping.h"

namespace mishap {
namespace {

struct NoRules final : GroupingRules {
  const std::vector<std::string>& Warnings() const override { return warnings; }
  std::vector<std::string> warnings;
};

}  // namespace

tl::expected<std::unique_ptr<const GroupingRules>, GroupingRulesError>
GroupingAlgorithm::CompileRules(const GroupingRuleTexts&) const {
  return std::make_unique<NoRules>();
}
Grouped GroupingAlgorithm::GroupUnder(const Event& event, const GroupingRules&) const {
  return Group(event);
}
std::string GroupingAlgorithm::ExplainUnder(const Event& event, const GroupingRules&) const {
  return Explain(event);
}
SimilarSample GroupingAlgorithm::Sample(const Event&) const {
  return {};
}
std::string GroupingAlgorithm::Difference(const Event& a, const Event& b,
                                          const GroupingRules&) const {
  return Group(a).keys == Group(b).keys ? "" : "the keys differ";
}

PairVerdict ComparePair(const GroupingAlgorithm& algorithm, const Event& a, const Event& b,
                        const GroupingRules& rules) {
  const Grouped first = algorithm.GroupUnder(a, rules);
  const Grouped second = algorithm.GroupUnder(b, rules);
  const bool same_kind = first.keys.DecidingKind() == second.keys.DecidingKind();
  if (same_kind && first.keys.Deciding() == second.keys.Deciding()) {
    return {true, fmt::format("everything that counts is equal; decided by {}", second.decided_by)};
  }
  std::string difference = algorithm.Difference(a, b, rules);
  const auto has_alias = [](const GroupingKeys& keys) {
    return !keys.weak && !keys.custom && !keys.by_message && keys.alias;
  };
  if (has_alias(first.keys) && has_alias(second.keys) && *first.keys.alias == *second.keys.alias) {
    return {true, fmt::format("the path and the text are equal, so an edited line joins its issue "
                              "(alias); {}",
                              difference)};
  }
  if (difference.empty()) difference = "the texts differ, and a rule splits by message";
  return {false, std::move(difference)};
}

}  // namespace mishap
