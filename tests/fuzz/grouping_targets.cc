// Grouping: texts with variable parts, and the two rule languages people write.
#include <string>

#include "base/bytes.h"
#include "event/event_json.h"
#include "grouping/g1/parameterise.h"
#include "grouping/grouping.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

// An event with something for every matcher.
const Event& SampleEvent() {
  static const Event kEvent = *EventReader().Read(R"({
    "platform":"javascript","logger":"app.cart","level":"error","release":"web@1.0","sdk":{"name":"sentry.javascript.browser"},
    "tags":{"zone":"eu"},"logentry":{"formatted":"no cart for user 4711"},
    "exception":{"values":[{"type":"TypeError","value":"x is undefined","mechanism":{"type":"onerror","handled":false},
      "stacktrace":{"frames":[
        {"function":"main","module":"app/index","filename":"/app/index.js","abs_path":"https://x.test/app/index.js","in_app":true},
        {"function":"render","module":"react-dom","filename":"/node_modules/react-dom/index.js","package":"react-dom","in_app":false},
        {"function":"Cart.total","module":"app/cart","filename":"/app/cart.js","in_app":true}]}}]}})");
  return kEvent;
}

void CheckRules(const GroupingRuleTexts& texts, std::string_view text) {
  const GroupingAlgorithm& algorithm = CurrentGrouping();
  auto rules = algorithm.CompileRules(texts);
  if (!rules) {
    const RuleError& error = rules.error().at;
    Require(!error.message.empty(), "an error says what was wrong");
    Require(error.line >= 1 && error.column >= 1, "an error says where");
    Require(error.line <= static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1,
            "an error's line is one of the text's");
    return;
  }
  Grouped grouped = algorithm.GroupUnder(SampleEvent(), **rules);
  Require(!grouped.decided_by.empty(), "grouping says what decided");
  Require(!algorithm.ExplainUnder(SampleEvent(), **rules).empty(), "grouping explains itself");
}

}  // namespace

void FuzzParameterise(std::string_view input) {
  const std::string raw = RepairUtf8(input);  // the reader's promise
  std::string storage;
  std::string_view cut = g1::CutText(raw, storage);
  Require(cut.size() <= g1::kTextBytesMax, "cut texts are bounded");
  Require(IsUtf8(cut), "cut texts are UTF-8");
  std::string out;
  std::vector<g1::TextToken> tokens;
  g1::ParameteriseCut(cut, out, &tokens);
  Require(out == g1::Parameterise(raw), "both ways give one text");
  Require(IsUtf8(out), "texts stay UTF-8");
  Require(out.size() <= 16 * cut.size() + 16, "placeholders do not blow a text up");
  std::size_t last = 0;
  for (const g1::TextToken& token : tokens) {
    Require(token.at >= last && token.at + token.len <= cut.size(), "tokens stand in order");
    last = token.at + token.len;
  }
}

void FuzzStackRules(std::string_view input) {
  GroupingRuleTexts texts;
  texts.stack_trace = input;
  CheckRules(texts, input);
}

void FuzzFingerprintRules(std::string_view input) {
  GroupingRuleTexts texts;
  texts.fingerprint = input;
  CheckRules(texts, input);
}

}  // namespace mishap
