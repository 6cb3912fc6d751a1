#include "grouping/grouping_version.h"

#include <fmt/format.h>

#include <utility>

namespace mishap {

GroupingVersion::GroupingVersion(const GroupingAlgorithm& algorithm)
    : algorithm_(&algorithm), rules_(std::move(*algorithm.CompileRules({}))) {}

tl::expected<GroupingVersion, GroupingRulesError> GroupingVersion::Compile(
    const GroupingSetup& setup, const AlgorithmFinder& find) {
  const GroupingAlgorithm* algorithm = find(setup.algorithm);
  if (algorithm == nullptr) {
    return tl::unexpected(GroupingRulesError{
        false, {0, 0, fmt::format("there is no grouping algorithm '{}'", setup.algorithm)}});
  }
  auto rules =
      algorithm->CompileRules({setup.stack_trace_rules, setup.fingerprint_rules, setup.options});
  if (!rules) return tl::unexpected(rules.error());
  return GroupingVersion(*algorithm, std::move(*rules));
}

}  // namespace mishap
