// A project's rules as g1 compiles them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grouping/g1/fingerprint_rules.h"
#include "grouping/g1/options.h"
#include "grouping/g1/stack_rules.h"
#include "grouping/grouping.h"

namespace mishap::g1 {

struct Rules final : GroupingRules {
  const std::vector<std::string>& Warnings() const override { return warnings; }

  std::unique_ptr<const StackProgram> stack;              // null: no stack trace rules
  std::unique_ptr<const FingerprintProgram> fingerprint;  // null: none
  Options options;
  std::vector<std::string> warnings;
};

}  // namespace mishap::g1
