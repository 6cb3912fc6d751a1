// g1: the first frozen grouping algorithm.
#pragma once

#include "grouping/grouping.h"

namespace mishap::g1 {

class Algorithm final : public GroupingAlgorithm {
 public:
  std::string_view Id() const override { return "g1"; }
  std::int16_t StoredId() const override { return 1; }
  Grouped Group(const Event& event) const override;
  std::string Explain(const Event& event) const override;
  tl::expected<std::unique_ptr<const GroupingRules>, GroupingRulesError> CompileRules(
      const GroupingRuleTexts& texts) const override;
  Grouped GroupUnder(const Event& event, const GroupingRules& rules) const override;
  std::string ExplainUnder(const Event& event, const GroupingRules& rules) const override;
  SimilarSample Sample(const Event& event) const override;
  std::string Difference(const Event& a, const Event& b, const GroupingRules& rules) const override;
};

}  // namespace mishap::g1
