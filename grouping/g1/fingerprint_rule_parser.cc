// Reads one line of fingerprint rules: matchers -> values (spec 12.4).
#include <fmt/format.h>

#include <utility>

#include "grouping/g1/chars.h"
#include "grouping/g1/fingerprint.h"
#include "grouping/g1/fingerprint_rules.h"
#include "grouping/g1/rule_lexer.h"
#include "grouping/g1/rule_words.h"

namespace mishap::g1 {
namespace {

std::optional<EventMatch> EventMatchOf(std::string_view name) {
  if (name == "type" || name == "error.type") return EventMatch::kType;
  if (name == "value" || name == "error.value") return EventMatch::kValue;
  if (name == "message") return EventMatch::kMessage;
  if (name == "logger") return EventMatch::kLogger;
  if (name == "level") return EventMatch::kLevel;
  if (name == "sdk") return EventMatch::kSdk;
  if (name == "family") return EventMatch::kFamily;
  if (name == "release") return EventMatch::kRelease;
  if (name.size() > 5 && name.substr(0, 5) == "tags.") return EventMatch::kTag;
  return std::nullopt;
}

std::optional<StackMatch> FrameMatchOf(std::string_view name) {
  if (name == "path" || name == "stack.abs_path") return StackMatch::kPath;
  if (name == "module" || name == "stack.module") return StackMatch::kModule;
  if (name == "function" || name == "stack.function") return StackMatch::kFunction;
  if (name == "package" || name == "stack.package") return StackMatch::kPackage;
  if (name == "app") return StackMatch::kApp;
  return std::nullopt;
}

GlobKind KindOf(EventMatch what) {
  switch (what) {
    case EventMatch::kValue:
    case EventMatch::kMessage:
    case EventMatch::kLevel:
      return GlobKind::kTextAnyCase;
    case EventMatch::kRelease:
      return GlobKind::kPath;
    default:
      return GlobKind::kText;
  }
}

std::vector<std::string> SplitNames(std::string_view list) {
  std::vector<std::string> names;
  while (true) {
    const auto comma = list.find(',');
    names.emplace_back(Trim(list.substr(0, comma)));
    if (comma == std::string_view::npos) return names;
    list.remove_prefix(comma + 1);
  }
}

std::optional<StackMatcher> FrameMatcher(RuleLexer& lexer, StackMatch what, bool negated,
                                         const std::string& pattern, std::size_t at) {
  StackMatcher matcher;
  matcher.what = what;
  matcher.negated = negated;
  const bool path = what == StackMatch::kPath || what == StackMatch::kPackage;
  matcher.glob = Glob(pattern, path ? GlobKind::kPath : GlobKind::kText);
  if (what == StackMatch::kApp) {
    const auto app = ReadRuleBoolean(pattern);
    if (!app) return lexer.Fail(fmt::format("app is yes or no; '{}' is not", pattern), at);
    matcher.app = *app;
  }
  return matcher;
}

// A matcher and the list of the rule it belongs to; in brackets only frames.
std::optional<bool> ParseMatcher(RuleLexer& lexer, FingerprintRule& rule,
                                 std::optional<StackMatcher>* neighbour) {
  const bool negated = lexer.Take('!');
  const std::size_t at = lexer.At();
  const std::string name(lexer.Name());
  const auto frame = FrameMatchOf(name);
  const auto what = EventMatchOf(name);
  if ((!frame && (!what || neighbour != nullptr)) || !lexer.Take(':')) {
    return lexer.Fail(
        fmt::format(
            "'{}' is no matcher here; there are type:, value:, message:, logger:, level:, "
            "tags.NAME:, path:, module:, function:, package:, app:, family:, sdk:, release:",
            name.empty() ? std::string(1, lexer.Peek()) : name),
        at);
  }
  const std::size_t pattern_at = lexer.At();
  const auto pattern = lexer.Pattern({}, neighbour != nullptr);
  if (!pattern) return std::nullopt;
  if (pattern->size() > kGlobBytesMax) {
    return lexer.Fail(fmt::format("a pattern has at most {} bytes", kGlobBytesMax), pattern_at);
  }
  if (frame) {
    auto matcher = FrameMatcher(lexer, *frame, negated, *pattern, pattern_at);
    if (!matcher) return std::nullopt;
    if (neighbour != nullptr)
      *neighbour = std::move(*matcher);
    else
      rule.frame.push_back(std::move(*matcher));
    return true;
  }
  EventMatcher matcher{*what, negated, Glob(*pattern, KindOf(*what)), {}, 0, {}};
  if (*what == EventMatch::kTag) matcher.name = name.substr(5);
  if (*what == EventMatch::kSdk) matcher.names = SplitNames(*pattern);
  if (*what == EventMatch::kFamily && !ReadRuleFamilies(*pattern, matcher.families)) {
    return lexer.Fail(
        fmt::format("family is a list of native, javascript, other, all; '{}' is not", *pattern),
        pattern_at);
  }
  auto& list = *what <= EventMatch::kValue     ? rule.exception
               : *what == EventMatch::kMessage ? rule.message
                                               : rule.event;
  list.push_back(std::move(matcher));
  return true;
}

std::optional<bool> ParseNeighbour(RuleLexer& lexer, FingerprintRule& rule,
                                   std::optional<StackMatcher>& neighbour) {
  lexer.SkipBlanks();
  if (!ParseMatcher(lexer, rule, &neighbour)) return std::nullopt;
  lexer.SkipBlanks();
  if (!lexer.Take(']')) return lexer.Fail("a ] must close the matcher of the neighbouring frame");
  return true;
}

// A value up to a comma or blank; "{{ name }}" is one value, blanks and all.
std::optional<std::string> ParseValue(RuleLexer& lexer) {
  if (lexer.Peek() == '"') return lexer.Pattern({}, false);
  const std::string_view rest = lexer.Rest();
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != ',' && !IsBlank(rest[end])) {
    if (rest.substr(end, 2) != "{{") {
      ++end;
      continue;
    }
    const auto close = rest.find("}}", end);
    if (close == std::string_view::npos)
      return lexer.Fail("the {{ opened here is never closed; end it with }}", lexer.At() + end);
    end = close + 2;
  }
  lexer.MoveTo(lexer.At() + end);
  return std::string(rest.substr(0, end));
}

std::optional<bool> ParseOutcome(RuleLexer& lexer, FingerprintRule& rule) {
  while (!lexer.AtEnd()) {
    lexer.SkipBlanks();
    const std::size_t at = lexer.At();
    if (lexer.Take("title=")) {
      const auto title = lexer.Pattern({}, false);
      if (!title) return std::nullopt;
      rule.title = *title;
    } else {
      auto value = ParseValue(lexer);
      if (!value) return std::nullopt;
      if (value->empty()) return lexer.Fail("a value must stand here", at);
      if (*value == "split:message")
        rule.by_message = true;
      else
        rule.values.push_back(std::move(*value));
      if (rule.values.size() > kFingerprintEntriesMax)
        return lexer.Fail(fmt::format("more than {} values", kFingerprintEntriesMax), at);
    }
    lexer.SkipBlanks();
    lexer.Take(',');
  }
  if (rule.values.empty() && rule.title.empty() && !rule.by_message)
    return lexer.Fail("a fingerprint must follow the ->, for example -> database-down");
  return true;
}

}  // namespace

std::optional<FingerprintRule> ParseFingerprintRule(RuleLexer& lexer) {
  FingerprintRule rule;
  lexer.SkipBlanks();
  if (lexer.Take('[')) {
    if (!ParseNeighbour(lexer, rule, rule.caller)) return std::nullopt;
    lexer.SkipBlanks();
    if (!lexer.Take('|')) return lexer.Fail("a | must follow the [caller]");
  }
  for (lexer.SkipBlanks(); !lexer.Take("->"); lexer.SkipBlanks()) {
    if (lexer.AtEnd()) return lexer.Fail("a rule is: matchers -> fingerprint; the -> is missing");
    if (lexer.Take('|')) {
      lexer.SkipBlanks();
      if (!lexer.Take('[')) return lexer.Fail("a [callee] must follow the |");
      if (!ParseNeighbour(lexer, rule, rule.callee)) return std::nullopt;
      continue;
    }
    if (!ParseMatcher(lexer, rule, nullptr)) return std::nullopt;
  }
  if (rule.exception.empty() && rule.message.empty() && rule.event.empty() && rule.frame.empty())
    return lexer.Fail("a rule needs a matcher before the ->, for example type:DatabaseError", 0);
  if ((rule.caller || rule.callee) && rule.frame.empty())
    return lexer.Fail("[caller] and [callee] need a matcher of the frame between them", 0);
  if (!ParseOutcome(lexer, rule)) return std::nullopt;
  return rule;
}

}  // namespace mishap::g1
