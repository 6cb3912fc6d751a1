// Applies stack trace rules to the frames of one stack, strictly in order (spec 7.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event/event.h"
#include "grouping/g1/frame.h"
#include "grouping/g1/stack_rules.h"

namespace mishap::g1 {

// A rule that decided something; null: none did.
struct RuleRef {
  const StackRule* rule = nullptr;
  bool built_in = false;
};

// What rules say of one frame.
struct RuledFrame {
  const NormalFrame* frame = nullptr;
  bool in_app = false;
  bool grouped = true;
  std::uint8_t category = 0;  // 0: none
  RuleRef app_rule;
  RuleRef group_rule;
  RuleRef category_rule;
};

// What rules say of a whole stack.
struct StackSettings {
  std::uint32_t frames_max = 0;  // 0: the algorithm's own
  std::uint32_t frames_min = 0;
  bool inverted = false;  // the frames nearest the base count
  RuleRef rule;           // the last that set one
};

class StackRuleRun {
 public:
  // exception: that owns the stack; null: none.
  void Apply(const StackProgram& program, const Exception* exception,
             std::vector<RuledFrame>& frames, StackSettings& settings);

 private:
  bool HoldsForError(const StackRule& rule, const Exception* exception) const;
  bool HoldsAt(const StackMatcher& matcher, std::size_t index) const;
  bool Hits(std::size_t rule, std::size_t index) const;
  void Act(const StackRule& rule, StackSettings& settings);
  void Change(const StackAction& action, const StackRule& rule, RuledFrame& frame) const;

  const StackProgram* program_ = nullptr;
  std::vector<RuledFrame>* frames_ = nullptr;
  std::vector<std::uint32_t> hits_;
  RuleBits any_;                  // rules whose names hold for some frame
  std::uint64_t categories_ = 0;  // bits of the categories some frame has
};

// "rule: module:org.apache.* -app (built-in 141)", with the rule that set the category, if it was
// one.
std::string RuleReason(const RuleRef& ref, const RuledFrame& frame);

}  // namespace mishap::g1
