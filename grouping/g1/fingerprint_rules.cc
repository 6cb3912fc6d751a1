#include "grouping/g1/fingerprint_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "grouping/g1/builtin_fingerprint_rules.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/platform.h"
#include "grouping/g1/rule_lexer.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kMatchedTextBytesMax = 8192;

bool MatchesText(const EventMatcher& matcher, std::string_view text, std::string& scratch) {
  text = Trim(Utf8Prefix(text, kMatchedTextBytesMax));
  const bool lower = matcher.what == EventMatch::kValue || matcher.what == EventMatch::kMessage ||
                     matcher.what == EventMatch::kLevel;
  if (!lower && matcher.what != EventMatch::kRelease)
    return matcher.glob.Matches(text) != matcher.negated;
  scratch.clear();
  if (lower)
    AppendLower(scratch, text);
  else
    AppendSlashedLower(scratch, text);
  return matcher.glob.Matches(scratch) != matcher.negated;
}

// "sdk:python" is sentry.python and all below it.
bool IsSdk(const std::vector<std::string>& names, std::string_view sdk) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (name == "all" || name == sdk) return true;
    const std::string full = "sentry." + name;
    return sdk.substr(0, full.size()) == full &&
           (sdk.size() == full.size() || sdk[full.size()] == '.');
  });
}

bool HoldsForEvent(const EventMatcher& matcher, const Event& event, std::string& scratch) {
  switch (matcher.what) {
    case EventMatch::kFamily:
      return ((matcher.families & FamilyBit(PlatformOf({}, event.platform))) != 0) !=
             matcher.negated;
    case EventMatch::kSdk:
      return IsSdk(matcher.names, event.sdk ? std::string_view(event.sdk->name) : "") !=
             matcher.negated;
    case EventMatch::kLogger:
      return MatchesText(matcher, event.logger, scratch);
    case EventMatch::kLevel:
      return MatchesText(matcher, event.level ? LevelName(*event.level) : "", scratch);
    case EventMatch::kRelease:
      return MatchesText(matcher, event.release, scratch);
    case EventMatch::kTag:
      return MatchesText(matcher, event.Tag(matcher.name), scratch);
    default:
      return false;
  }
}

bool AllHold(const std::vector<EventMatcher>& matchers, std::string_view type,
             std::string_view value, std::string& scratch) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const EventMatcher& matcher) {
    return MatchesText(matcher, matcher.what == EventMatch::kType ? type : value, scratch);
  });
}

bool SomeException(const FingerprintRule& rule, const Event& event, std::string& scratch) {
  return std::any_of(event.exceptions.begin(), event.exceptions.end(), [&](const Exception& e) {
    return AllHold(rule.exception, e.type, e.value, scratch);
  });
}

bool SomeMessage(const FingerprintRule& rule, const Event& event, std::string& scratch) {
  if (event.logentry) {
    const LogEntry& entry = *event.logentry;
    for (const std::string* text : {&entry.formatted, &entry.message}) {
      if (!text->empty() && AllHold(rule.message, {}, *text, scratch)) return true;
    }
  }
  return std::any_of(event.exceptions.begin(), event.exceptions.end(), [&](const Exception& e) {
    return AllHold(rule.message, {}, e.value, scratch);
  });
}

bool HoldsForFrame(const StackMatcher& matcher, const ChosenFrame& frame) {
  if (matcher.what == StackMatch::kApp) return (frame.in_app == matcher.app) != matcher.negated;
  return StackProgram::HoldsFor(matcher, *frame.frame->look, true);
}

bool SomeFrame(const FingerprintRule& rule, const std::vector<const StackChoice*>& stacks) {
  for (const StackChoice* stack : stacks) {
    const auto& frames = stack->frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (rule.caller && (i == 0 || !HoldsForFrame(*rule.caller, frames[i - 1]))) continue;
      if (rule.callee && (i + 1 == frames.size() || !HoldsForFrame(*rule.callee, frames[i + 1])))
        continue;
      if (std::all_of(rule.frame.begin(), rule.frame.end(),
                      [&](const StackMatcher& m) { return HoldsForFrame(m, frames[i]); }))
        return true;
    }
  }
  return false;
}

bool Matches(const FingerprintRule& rule, const MatchedEvent& matched, std::string& scratch) {
  for (const EventMatcher& matcher : rule.event) {
    if (!HoldsForEvent(matcher, matched.event, scratch)) return false;
  }
  if (!rule.exception.empty() && !SomeException(rule, matched.event, scratch)) return false;
  if (!rule.message.empty() && !SomeMessage(rule, matched.event, scratch)) return false;
  return rule.frame.empty() || SomeFrame(rule, matched.stacks);
}

}  // namespace

const FingerprintRule* FingerprintProgram::Find(const MatchedEvent& event) const {
  std::string scratch;
  for (const FingerprintRule& rule : rules_) {
    if (Matches(rule, event, scratch)) return &rule;
  }
  return nullptr;
}

tl::expected<std::unique_ptr<FingerprintProgram>, RuleError> FingerprintProgram::Compile(
    std::string_view text, bool built_in) {
  if (text.size() > kRuleTextBytesMax) {
    return tl::unexpected(RuleError{
        1, 1,
        fmt::format("the rules have {} bytes, the limit is {}", text.size(), kRuleTextBytesMax)});
  }
  auto program = std::make_unique<FingerprintProgram>();
  std::optional<RuleError> failure;
  ForEachRuleLine(text, [&](std::string_view line, std::uint32_t number) {
    if (failure) return;
    RuleLexer lexer(line, number);
    auto rule = ParseFingerprintRule(lexer);
    if (rule && program->rules_.size() == kRulesMax) {
      lexer.Fail(fmt::format("more than {} rules", kRulesMax), 0);
      rule.reset();
    }
    if (!rule) {
      failure = lexer.Failure();
      return;
    }
    rule->text = Trim(line.substr(0, lexer.At()));
    rule->number = static_cast<std::uint32_t>(program->rules_.size() + 1);
    rule->built_in = built_in;
    program->rules_.push_back(std::move(*rule));
  });
  if (failure) return tl::unexpected(*failure);
  return program;
}

const FingerprintProgram& BuiltInFingerprintRules() {
  static const std::unique_ptr<FingerprintProgram> kProgram = [] {
    auto compiled = FingerprintProgram::Compile(kBuiltInFingerprintRules, true);
    if (!compiled) {
      fmt::print(stderr, "built-in fingerprint rules, line {}, column {}: {}\n",
                 compiled.error().line, compiled.error().column, compiled.error().message);
      std::abort();
    }
    return std::move(*compiled);
  }();
  return *kProgram;
}

}  // namespace mishap::g1
