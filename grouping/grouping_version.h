// GroupingVersion: one algorithm with one project's rules, compiled: what a project groups by.
// Pure, immutable, safe to share between threads.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "event/project_grouping.h"
#include "grouping/grouping.h"

namespace mishap {

// The algorithm with this Id(), or null. FindGrouping outside of tests.
using AlgorithmFinder = std::function<const GroupingAlgorithm*(std::string_view)>;

class GroupingVersion {
 public:
  // Without rules: never fails.
  explicit GroupingVersion(const GroupingAlgorithm& algorithm);
  // Errors: in_fingerprint and place of the first mistake. An unknown algorithm is a mistake on
  // line 0 of the stack trace rules.
  static tl::expected<GroupingVersion, GroupingRulesError> Compile(const GroupingSetup& setup,
                                                                   const AlgorithmFinder& find);

  Grouped Group(const Event& event) const { return algorithm_->GroupUnder(event, *rules_); }
  std::string Explain(const Event& event) const { return algorithm_->ExplainUnder(event, *rules_); }
  PairVerdict Compare(const Event& a, const Event& b) const {
    return ComparePair(*algorithm_, a, b, *rules_);
  }
  const GroupingAlgorithm& Algorithm() const { return *algorithm_; }
  const std::vector<std::string>& Warnings() const { return rules_->Warnings(); }

 private:
  GroupingVersion(const GroupingAlgorithm& algorithm, std::unique_ptr<const GroupingRules> rules)
      : algorithm_(&algorithm), rules_(std::move(rules)) {}

  const GroupingAlgorithm* algorithm_;
  std::unique_ptr<const GroupingRules> rules_;
};

}  // namespace mishap
