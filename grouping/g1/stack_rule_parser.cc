// Reads one line of stack trace rules. The grammar is the one Sentry's users know (spec 7.2), so
// that they can paste what they have.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "grouping/g1/chars.h"
#include "grouping/g1/rule_lexer.h"
#include "grouping/g1/rule_words.h"
#include "grouping/g1/stack_rules.h"

namespace mishap::g1 {
namespace {

struct MatcherName {
  std::string_view name;
  StackMatch what;
};
constexpr std::array<MatcherName, 16> kMatchers{{
    {"family", StackMatch::kFamily},
    {"path", StackMatch::kPath},
    {"stack.abs_path", StackMatch::kPath},
    {"module", StackMatch::kModule},
    {"stack.module", StackMatch::kModule},
    {"package", StackMatch::kPackage},
    {"stack.package", StackMatch::kPackage},
    {"function", StackMatch::kFunction},
    {"stack.function", StackMatch::kFunction},
    {"app", StackMatch::kApp},
    {"category", StackMatch::kCategory},
    {"type", StackMatch::kType},
    {"error.type", StackMatch::kType},
    {"value", StackMatch::kValue},
    {"error.value", StackMatch::kValue},
    {"mechanism", StackMatch::kMechanism},
}};

std::optional<StackMatch> MatchOf(std::string_view name) {
  if (name == "error.mechanism") return StackMatch::kMechanism;
  for (const MatcherName& known : kMatchers) {
    if (known.name == name) return known.what;
  }
  return std::nullopt;
}

Glob MakeGlob(StackMatch what, std::string_view pattern) {
  const bool path = what == StackMatch::kPath || what == StackMatch::kPackage;
  return {pattern, path ? GlobKind::kPath : GlobKind::kText};
}

std::optional<StackMatcher> ParseMatcher(RuleLexer& lexer, bool in_brackets) {
  StackMatcher matcher;
  matcher.negated = lexer.Take('!');
  const std::size_t at = lexer.At();
  const std::string name(lexer.Name());
  const auto what = MatchOf(name);
  if (!what || !lexer.Take(':')) {
    return lexer.Fail(
        fmt::format("'{}' is no matcher; a rule starts with family:, path:, module:, package:, "
                    "function:, app:, category:, type:, value: or mechanism:",
                    name.empty() ? std::string(1, lexer.Peek()) : name),
        at);
  }
  matcher.what = *what;
  const std::size_t pattern_at = lexer.At();
  const auto pattern = lexer.Pattern({}, in_brackets);
  if (!pattern) return std::nullopt;
  if (pattern->size() > kGlobBytesMax) {
    return lexer.Fail(fmt::format("a pattern has at most {} bytes", kGlobBytesMax), pattern_at);
  }
  matcher.glob = MakeGlob(*what, *pattern);
  if (*what == StackMatch::kFamily && !ReadRuleFamilies(*pattern, matcher.families)) {
    return lexer.Fail(
        fmt::format("family is a list of native, javascript, other, all; '{}' is not", *pattern),
        pattern_at);
  }
  if (*what == StackMatch::kApp) {
    const auto app = ReadRuleBoolean(*pattern);
    if (!app) return lexer.Fail(fmt::format("app is yes or no; '{}' is not", *pattern), pattern_at);
    matcher.app = *app;
  }
  return matcher;
}

std::optional<StackMatcher> ParseNeighbour(RuleLexer& lexer) {
  lexer.SkipBlanks();
  auto matcher = ParseMatcher(lexer, true);
  if (!matcher) return std::nullopt;
  lexer.SkipBlanks();
  if (!lexer.Take(']')) return lexer.Fail("a ] must close the matcher of the neighbouring frame");
  if (matcher->what >= StackMatch::kType) {
    return lexer.Fail(
        "caller and callee are frames: type, value and mechanism stand outside of []");
  }
  return matcher;
}

// -app, ^-group, v+app
std::optional<bool> ParseFlag(RuleLexer& lexer, StackRule& rule,
                              std::vector<std::string>& warnings) {
  const std::size_t at = lexer.At();
  StackAction action;
  if (lexer.Take('^'))
    action.range = StackActionRange::kUp;
  else if (lexer.Peek() == 'v')
    lexer.Take('v'), action.range = StackActionRange::kDown;
  action.on = lexer.Take('+');
  if (!action.on && !lexer.Take('-')) return lexer.Fail("an action has + or -, as in -app", at);
  const std::string name(lexer.Name());
  if (name == "prefix" || name == "sentinel") {
    warnings.push_back(fmt::format("{}{} does nothing here", action.on ? '+' : '-', name));
    return true;
  }
  if (name != "app" && name != "group") {
    return lexer.Fail(fmt::format("'{}' is no flag; there are app and group", name), at);
  }
  action.kind = name == "app" ? StackActionKind::kApp : StackActionKind::kGroup;
  rule.actions.push_back(action);
  return true;
}

std::uint32_t CategoryNumber(std::string_view name, std::vector<std::string>& categories) {
  const auto known = std::find(categories.begin(), categories.end(), name);
  if (known == categories.end()) categories.emplace_back(name);
  return static_cast<std::uint32_t>(std::find(categories.begin(), categories.end(), name) -
                                    categories.begin());
}

// max-frames=3, category=ui
std::optional<bool> ParseSetting(RuleLexer& lexer, StackRule& rule,
                                 std::vector<std::string>& categories) {
  const std::size_t at = lexer.At();
  const std::string name(lexer.Name());
  StackAction action;
  if (name == "max-frames")
    action.kind = StackActionKind::kMaxFrames;
  else if (name == "min-frames")
    action.kind = StackActionKind::kMinFrames;
  else if (name == "category")
    action.kind = StackActionKind::kCategory;
  else if (name == "invert-stacktrace")
    action.kind = StackActionKind::kInvert;
  else
    return lexer.Fail(
        fmt::format("'{}' is no action; there are +app -app +group -group (after ^ or v for the "
                    "frames beside), category=, max-frames=, min-frames=, invert-stacktrace=",
                    name.empty() ? std::string(1, lexer.Peek()) : name),
        at);
  if (!lexer.Take('=')) return lexer.Fail(fmt::format("{} needs = and a value", name));
  const std::size_t value_at = lexer.At();
  const std::string value(lexer.Name());
  if (value.empty()) return lexer.Fail(fmt::format("{}= needs a value", name), value_at);
  if (action.kind == StackActionKind::kCategory) {
    action.number = CategoryNumber(value, categories);
    if (categories.size() > kCategoriesMax)
      return lexer.Fail(fmt::format("more than {} categories", kCategoriesMax), value_at);
  } else if (action.kind == StackActionKind::kInvert) {
    const auto on = ReadRuleBoolean(value);
    if (!on) return lexer.Fail("invert-stacktrace is 1 or 0", value_at);
    action.on = *on;
  } else {
    if (value.size() > 3 || !std::all_of(value.begin(), value.end(), IsDigit)) {
      return lexer.Fail(fmt::format("{} is a number of frames up to 999", name), value_at);
    }
    action.number = static_cast<std::uint32_t>(std::stoul(value));
  }
  rule.actions.push_back(action);
  return true;
}

bool StartsFlag(std::string_view rest) {
  if (!rest.empty() && (rest[0] == '^' || rest[0] == 'v')) rest.remove_prefix(1);
  return !rest.empty() && (rest[0] == '+' || rest[0] == '-');
}

bool StartsAction(std::string_view rest) {
  if (StartsFlag(rest)) return true;
  const auto end = rest.find_first_of(":= \t\"");
  return end != std::string_view::npos && rest[end] == '=';
}

std::optional<bool> ParseMatchers(RuleLexer& lexer, StackRule& rule) {
  lexer.SkipBlanks();
  if (lexer.Take('[')) {
    if (!(rule.caller = ParseNeighbour(lexer))) return std::nullopt;
    lexer.SkipBlanks();
    if (!lexer.Take('|')) return lexer.Fail("a | must follow the [caller]");
  }
  for (lexer.SkipBlanks(); !lexer.AtEnd() && lexer.Peek() != '|'; lexer.SkipBlanks()) {
    if (StartsAction(lexer.Rest())) break;
    auto matcher = ParseMatcher(lexer, false);
    if (!matcher) return std::nullopt;
    const bool error = matcher->what >= StackMatch::kType;
    (error ? rule.error : rule.own).push_back(std::move(*matcher));
  }
  if (rule.own.empty() && rule.error.empty()) {
    return lexer.Fail("a rule needs a matcher before its actions, for example path:**/gen/** -app");
  }
  if (lexer.Take('|')) {
    lexer.SkipBlanks();
    if (!lexer.Take('[')) return lexer.Fail("a [callee] must follow the |");
    if (!(rule.callee = ParseNeighbour(lexer))) return std::nullopt;
  }
  return true;
}

}  // namespace

std::optional<StackRule> ParseStackRule(RuleLexer& lexer, std::vector<std::string>& categories,
                                        std::vector<std::string>& warnings) {
  StackRule rule;
  if (!ParseMatchers(lexer, rule)) return std::nullopt;
  const std::size_t warned = warnings.size();
  while (!lexer.AtEnd()) {
    lexer.SkipBlanks();
    const bool flag = StartsFlag(lexer.Rest());
    if (!(flag ? ParseFlag(lexer, rule, warnings) : ParseSetting(lexer, rule, categories)))
      return std::nullopt;
    if (lexer.Peek() != '\0' && !IsBlank(lexer.Peek()))
      return lexer.Fail("a blank must stand between actions");
  }
  if (rule.actions.empty() && warnings.size() == warned) {
    return lexer.Fail("the rule does nothing; add an action such as -app or -group");
  }
  return rule;
}

}  // namespace mishap::g1
