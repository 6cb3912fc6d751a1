#include "grouping/g1/stack_rule_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kErrorTextBytesMax = 8192;

const RuleBits& BitsOf(const NormalFrame& frame, bool built_in) {
  return built_in ? *frame.built_in_bits : *frame.project_bits;
}

std::string Named(const RuleRef& ref) {
  return fmt::format("{} ({} {})", ref.rule->text, ref.built_in ? "built-in" : "project",
                     ref.rule->number);
}

}  // namespace

bool StackRuleRun::HoldsForError(const StackRule& rule, const Exception* exception) const {
  for (const StackMatcher& matcher : rule.error) {
    std::string_view text = "<unknown>";
    if (exception != nullptr) {
      if (matcher.what == StackMatch::kType)
        text = exception->type;
      else if (matcher.what == StackMatch::kValue)
        text = exception->value;
      else
        text = exception->mechanism ? std::string_view(exception->mechanism->type) : "";
    }
    text = Utf8Prefix(text, kErrorTextBytesMax);
    if (matcher.glob.Matches(text) == matcher.negated) return false;
  }
  return true;
}

bool StackRuleRun::HoldsAt(const StackMatcher& matcher, std::size_t index) const {
  const RuledFrame& f = (*frames_)[index];
  if (matcher.what == StackMatch::kApp) return (f.in_app == matcher.app) != matcher.negated;
  if (matcher.what == StackMatch::kCategory)
    return ((matcher.categories >> f.category & 1) != 0) != matcher.negated;
  return program_->Holds(matcher, *f.frame->look);
}

bool StackRuleRun::Hits(std::size_t number, std::size_t index) const {
  const StackRule& rule = program_->Rules()[number];
  const NormalFrame& frame = *(*frames_)[index].frame;
  if (rule.has_static &&
      (BitsOf(frame, program_->BuiltIn())[number / 64] >> (number % 64) & 1) == 0) {
    return false;
  }
  if (rule.has_dynamic) {
    for (const StackMatcher& m : rule.own) {
      const bool dynamic = m.what == StackMatch::kApp || m.what == StackMatch::kCategory;
      if (dynamic && !HoldsAt(m, index)) return false;
    }
  }
  if (rule.caller && (index == 0 || !HoldsAt(*rule.caller, index - 1))) return false;
  return !rule.callee || (index + 1 < frames_->size() && HoldsAt(*rule.callee, index + 1));
}

void StackRuleRun::Change(const StackAction& action, const StackRule& rule,
                          RuledFrame& frame) const {
  const RuleRef ref{&rule, program_->BuiltIn()};
  if (action.kind == StackActionKind::kApp) {
    frame.in_app = action.on;
    frame.app_rule = ref;
  } else if (action.kind == StackActionKind::kGroup) {
    frame.grouped = action.on;
    frame.group_rule = ref;
  } else {
    frame.category = static_cast<std::uint8_t>(action.number);
    frame.category_rule = ref;
  }
}

void StackRuleRun::Act(const StackRule& rule, StackSettings& settings) {
  for (const StackAction& action : rule.actions) {
    switch (action.kind) {
      case StackActionKind::kMaxFrames:
        settings.frames_max = action.number;
        settings.rule = {&rule, program_->BuiltIn()};
        continue;
      case StackActionKind::kMinFrames:
        settings.frames_min = action.number;
        settings.rule = {&rule, program_->BuiltIn()};
        continue;
      case StackActionKind::kInvert:
        settings.inverted = action.on;
        settings.rule = {&rule, program_->BuiltIn()};
        continue;
      case StackActionKind::kCategory:
        categories_ |= std::uint64_t{1} << action.number;
        break;
      case StackActionKind::kApp:
      case StackActionKind::kGroup:
        break;
    }
    if (action.range == StackActionRange::kHere) {
      for (std::uint32_t i : hits_) Change(action, rule, (*frames_)[i]);
    } else if (action.range == StackActionRange::kUp) {
      for (std::size_t i = hits_.front() + 1; i < frames_->size(); ++i)
        Change(action, rule, (*frames_)[i]);
    } else {
      for (std::size_t i = 0; i < hits_.back(); ++i) Change(action, rule, (*frames_)[i]);
    }
  }
}

void StackRuleRun::Apply(const StackProgram& program, const Exception* exception,
                         std::vector<RuledFrame>& frames, StackSettings& settings) {
  if (frames.empty() || program.Rules().empty()) return;
  program_ = &program;
  frames_ = &frames;
  any_ = program.WithoutNames();
  categories_ = 0;
  for (const RuledFrame& f : frames) {
    categories_ |= std::uint64_t{1} << f.category;
    const RuleBits& bits = BitsOf(*f.frame, program.BuiltIn());
    for (std::size_t w = 0; w < any_.size(); ++w) any_[w] |= bits[w];
  }
  for (std::size_t w = 0; w < any_.size(); ++w) {
    for (std::uint64_t left = any_[w]; left != 0; left &= left - 1) {
      const std::size_t number = w * 64 + static_cast<std::size_t>(__builtin_ctzll(left));
      const StackRule& rule = program.Rules()[number];
      if (rule.categories != 0 && (rule.categories & categories_) == 0) continue;
      if (!rule.error.empty() && !HoldsForError(rule, exception)) continue;
      hits_.clear();
      for (std::size_t i = 0; i < frames.size(); ++i) {
        if (Hits(number, i)) hits_.push_back(static_cast<std::uint32_t>(i));
      }
      if (!hits_.empty()) Act(rule, settings);
    }
  }
}

std::string RuleReason(const RuleRef& ref, const RuledFrame& frame) {
  std::string reason = "rule: " + Named(ref);
  const bool by_category = (ref.rule->categories >> frame.category & 1) != 0;
  if (by_category && frame.category_rule.rule != nullptr) {
    reason += "; category by " + Named(frame.category_rule);
  }
  return reason;
}

}  // namespace mishap::g1
