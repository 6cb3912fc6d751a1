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
};

}  // namespace mishap::g1
