// Fingerprint rules (spec 12.4): matchers on an event, and the fingerprint of events that match.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/stack_choice.h"
#include "grouping/g1/stack_rules.h"

namespace mishap::g1 {

enum class EventMatch : std::uint8_t {
  kType,
  kValue,
  kMessage,
  kLogger,
  kLevel,
  kTag,
  kSdk,
  kFamily,
  kRelease
};

struct EventMatcher {
  EventMatch what = EventMatch::kType;
  bool negated = false;
  Glob glob;
  std::string name;                // kTag: its key
  std::uint8_t families = 0;       // kFamily
  std::vector<std::string> names;  // kSdk
};

// Matchers stand by what they look at; all of one list must hold for one element.
struct FingerprintRule {
  std::vector<EventMatcher> exception;  // type, value: on one exception
  std::vector<EventMatcher> message;    // on the message or one exception's value
  std::vector<EventMatcher> event;      // logger, level, tags, sdk, family, release
  std::vector<StackMatcher> frame;      // on one frame
  std::optional<StackMatcher> caller;
  std::optional<StackMatcher> callee;

  std::vector<std::string> values;  // as written; empty: the fingerprint stays the client's
  std::string title;                // template; empty: the issue's own
  bool by_message = false;          // split:message
  std::string text;
  std::uint32_t number = 0;
  bool built_in = false;
};

// What rules look at. Stacks: those that were read for the decision.
struct MatchedEvent {
  const Event& event;
  std::vector<const StackChoice*> stacks;
};

class FingerprintProgram {
 public:
  static tl::expected<std::unique_ptr<FingerprintProgram>, RuleError> Compile(std::string_view text,
                                                                              bool built_in);
  // The first rule that matches; null: none.
  const FingerprintRule* Find(const MatchedEvent& event) const;
  bool Empty() const { return rules_.empty(); }
  std::size_t Size() const { return rules_.size(); }

 private:
  std::vector<FingerprintRule> rules_;
};

const FingerprintProgram& BuiltInFingerprintRules();

// One line; nullopt: see lexer.Failure().
class RuleLexer;
std::optional<FingerprintRule> ParseFingerprintRule(RuleLexer& lexer);

}  // namespace mishap::g1
