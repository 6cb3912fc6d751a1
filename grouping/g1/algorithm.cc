#include "grouping/g1/algorithm.h"

#include "grouping/g1/difference.h"
#include "grouping/g1/explain.h"
#include "grouping/g1/judge.h"
#include "grouping/g1/rules.h"
#include "grouping/g1/sample.h"

namespace mishap::g1 {
namespace {

// Holds buffers and memo only: no answer depends on what a thread saw before.
Judge& ThreadJudge() {
  thread_local Judge judge;
  return judge;
}

// Rules of another algorithm are a mistake of the caller; they do nothing.
const Rules* RulesOfG1(const GroupingRules& rules) {
  return dynamic_cast<const Rules*>(&rules);
}

Grouped GroupBy(const Event& event, const Rules* rules) {
  Judge& judge = ThreadJudge();
  const Decision& decision = judge.Decide(event, false, rules);
  Grouped grouped;
  grouped.keys = judge.Keys(event);
  grouped.main_exception = decision.plan.main;
  grouped.decided_by = GroundName(decision.decided_by);
  grouped.title = decision.fingerprint.title;
  const Fingerprint& fingerprint = decision.fingerprint;
  grouped.by_project_rule = fingerprint.rule != nullptr && !fingerprint.rule->built_in &&
                            !fingerprint.rule->values.empty() &&
                            fingerprint.kind != FingerprintKind::kDefault;
  return grouped;
}

std::string ExplainBy(const Event& event, const Rules* rules) {
  Judge& judge = ThreadJudge();
  const Decision& decision = judge.Decide(event, true, rules);
  return WriteExplanation(event, decision, judge.Keys(event));
}

}  // namespace

Grouped Algorithm::Group(const Event& event) const {
  return GroupBy(event, nullptr);
}
Grouped Algorithm::GroupUnder(const Event& event, const GroupingRules& rules) const {
  return GroupBy(event, RulesOfG1(rules));
}
std::string Algorithm::Explain(const Event& event) const {
  return ExplainBy(event, nullptr);
}
std::string Algorithm::ExplainUnder(const Event& event, const GroupingRules& rules) const {
  return ExplainBy(event, RulesOfG1(rules));
}

tl::expected<std::unique_ptr<const GroupingRules>, GroupingRulesError> Algorithm::CompileRules(
    const GroupingRuleTexts& texts) const {
  auto rules = std::make_unique<Rules>();
  auto stack = StackProgram::Compile(texts.stack_trace, &BuiltInStackRules());
  if (!stack) return tl::unexpected(GroupingRulesError{false, stack.error()});
  auto options = ReadOptions(texts.options);
  if (!options) return tl::unexpected(GroupingRulesError{false, options.error(), true});
  rules->options = std::move(*options);
  auto fingerprint = FingerprintProgram::Compile(texts.fingerprint, false);
  if (!fingerprint) return tl::unexpected(GroupingRulesError{true, fingerprint.error()});
  if (!(*fingerprint)->Empty()) rules->fingerprint = std::move(*fingerprint);
  rules->warnings = (*stack)->Warnings();
  if (!(*stack)->Rules().empty()) rules->stack = std::move(*stack);
  return rules;
}

SimilarSample Algorithm::Sample(const Event& event) const {
  return SampleOf(ThreadJudge().Decide(event, false, nullptr), event);
}

std::string Algorithm::Difference(const Event& a, const Event& b,
                                  const GroupingRules& rules) const {
  Judge& judge = ThreadJudge();
  const Account first = AccountOf(judge.Decide(a, false, RulesOfG1(rules)), a);
  const Account second = AccountOf(judge.Decide(b, false, RulesOfG1(rules)), b);
  return DifferenceOf(first, second);
}

}  // namespace mishap::g1
