// Stack trace rules: the language, and what rules do to keys.
#include "grouping/g1/stack_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

std::unique_ptr<const GroupingRules> Rules(const std::string& text) {
  auto rules = CurrentGrouping().CompileRules({text, ""});
  if (!rules) {
    ADD_FAILURE() << rules.error().at.line << ":" << rules.error().at.column << " "
                  << rules.error().at.message;
    return std::move(*CurrentGrouping().CompileRules({}));
  }
  return std::move(*rules);
}
GroupingKeys Under(const Event& event, const std::string& rules) {
  return CurrentGrouping().GroupUnder(event, *Rules(rules)).keys;
}
std::string Why(const Event& event, const std::string& rules) {
  return CurrentGrouping().ExplainUnder(event, *Rules(rules));
}
RuleError ErrorOf(const std::string& text) {
  auto rules = CurrentGrouping().CompileRules({text, ""});
  EXPECT_FALSE(rules) << text;
  return rules ? RuleError{} : rules.error().at;
}

// ValueErrorEvent() without its frame of that function.
Event Without(const std::string& function) {
  Event event = ValueErrorEvent();
  std::erase_if(FramesOf(event), [&](const Frame& f) { return f.function == function; });
  return event;
}

TEST(StackRuleText, ReadsWhatUsersPaste) {
  const auto rules = Rules(
      "# comment\n"
      "\n"
      "  path:**/node_modules/** -app   # trailing comment\n"
      "stack.function:\"operator new *\" -group\n"
      "family:native,javascript !module:foo.* ^-app v+group category=odd\n"
      "[ function:outer ] | function:inner | [function:leaf] -group\n"
      "error.type:Foo error.value:*bar* error.mechanism:ANR max-frames=3 min-frames=1\n"
      "app:no category:odd -app +prefix\n"
      "type:X invert-stacktrace=1\r\n");
  EXPECT_EQ(rules->Warnings(), (std::vector<std::string>{"line 8: +prefix does nothing here"}));
}

TEST(StackRuleText, ErrorsNameLineAndColumn) {
  const auto expect = [](const std::string& text, std::uint32_t line, std::uint32_t column,
                         const std::string& says) {
    const RuleError error = ErrorOf(text);
    EXPECT_EQ(error.line, line) << text;
    EXPECT_EQ(error.column, column) << text;
    EXPECT_NE(error.message.find(says), std::string::npos) << error.message;
  };
  expect("function:a -app\nfuncton:b -app", 2, 1, "'functon' is no matcher");
  expect("function:a", 1, 11, "does nothing");
  expect("function: -app", 1, 10, "pattern");
  expect("function:\"a -app", 1, 10, "never closed");
  expect("-app", 1, 1, "needs a matcher");
  expect("function:a -ap", 1, 12, "'ap' is no flag");
  expect("function:a max-frames=x", 1, 23, "number of frames");
  expect("function:a frames=3", 1, 12, "'frames' is no action");
  expect("family:cobol -app", 1, 8, "family");
  expect("app:maybe -app", 1, 5, "yes or no");
  expect("[function:a | function:b -app", 1, 13, "]");
  expect("[function:a] function:b -app", 1, 14, "|");
  expect("[type:a] | function:b -app", 1, 9, "outside");
  expect("function:\xC3\xA4\xC3\xA4 -ap", 1, 13, "'ap'");
}

TEST(StackRules, MinusGroupIsLikeAMissingFrame) {
  EXPECT_EQ(Under(ValueErrorEvent(), "function:place -group").site,
            Under(Without("place"), "").site);
  EXPECT_NE(Under(ValueErrorEvent(), "").site, Under(Without("place"), "").site);
  EXPECT_EQ(Under(ValueErrorEvent(), "module:shop.ord* function:pl?ce -app").site,
            Under(Without("place"), "").site);
  EXPECT_EQ(Under(ValueErrorEvent(), "function:place function:total -group").site,
            Under(ValueErrorEvent(), "").site)
      << "all matchers must hold for one frame";
}

TEST(StackRules, PlusAppAndLaterRulesWin) {
  Event event = ValueErrorEvent();
  EXPECT_NE(Under(event, "function:wsgi_app +app").site, Under(event, "").site);
  EXPECT_EQ(Under(event, "function:wsgi_app +app\nmodule:flask.* -app").site,
            Under(event, "").site);
  for (Frame& frame : FramesOf(event)) frame.in_app = false;
  EXPECT_EQ(Under(event, "module:shop.* +app").site, Under(ValueErrorEvent(), "").site);
}

TEST(StackRules, RangesCallersAndCallees) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "function:place v-group").site,
            Under(event, "function:checkout -group\nfunction:wsgi_app -group").site);
  EXPECT_EQ(Under(event, "function:checkout ^-group").site,
            Under(event, "function:place -group\nfunction:total -group").site);
  EXPECT_EQ(Under(event, "[ function:checkout ] | function:place -group").site,
            Under(Without("place"), "").site);
  EXPECT_EQ(Under(event, "[ function:total ] | function:place -group").site, Under(event, "").site);
  EXPECT_EQ(Under(event, "function:place | [ function:total ] -group").site,
            Under(Without("place"), "").site);
}

TEST(StackRules, CategoriesAreSeenByLaterRules) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "function:place category=glue\ncategory:glue -group").site,
            Under(Without("place"), "").site);
  EXPECT_EQ(Under(event, "category:glue -group\nfunction:place category=glue").site,
            Under(event, "").site);
  EXPECT_EQ(Under(event, "module:shop.orders category=internals\ncategory:internals -group").site,
            Under(Without("place"), "").site);
}

TEST(StackRules, ErrorMatchersLookAtTheException) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "type:Value* function:place -group").site,
            Under(Without("place"), "").site);
  EXPECT_EQ(Under(event, "type:Key* function:place -group").site, Under(event, "").site);
  EXPECT_EQ(Under(event, "value:\"bad price *\" function:place -group").site,
            Under(Without("place"), "").site);
  EXPECT_EQ(Under(event, "!type:Key* function:place -group").site,
            Under(Without("place"), "").site);
}

TEST(StackRules, LimitsOfTheStack) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "type:ValueError max-frames=1").site,
            Under(event, "function:place v-group\nfunction:place -group").site);
  EXPECT_NE(Under(event, "type:ValueError min-frames=4").site, Under(event, "").site)
      << "three in-app frames are too few: all four count";
  EXPECT_TRUE(Under(event, "type:ValueError min-frames=9").weak);
  Event other = event;
  FramesOf(other).back().function = "subtotal";
  const std::string inverted = "type:ValueError invert-stacktrace=1 max-frames=2";
  EXPECT_EQ(Under(event, inverted).site, Under(other, inverted).site);
}

TEST(StackRules, RecursionCollapsesAfterThem) {
  Event event = ValueErrorEvent();
  auto& frames = FramesOf(event);
  frames.insert(frames.begin() + 2, frames[1]);
  EXPECT_EQ(Under(event, "function:checkout +group").site, Under(ValueErrorEvent(), "").site);
}

TEST(StackRules, NamesAreThoseUsersSee) {
  Event event = ValueErrorEvent();
  event.platform = "javascript";
  for (Frame& frame : FramesOf(event)) frame.filename = "/srv/shop.js";
  FramesOf(event)[2].function = "Orders.place";
  EXPECT_EQ(Under(event, "function:Orders.place -group").site,
            Under(event, "function:place -group").site);
  EXPECT_NE(Under(event, "function:Orders.place -group").site, Under(event, "").site);
}

TEST(StackRules, ReasonsNameTheRuleAndItsNumber) {
  const std::string why = Why(ValueErrorEvent(),
                              "module:nothing -app\nfunction:place category=glue\n"
                              "category:glue -group");
  EXPECT_NE(why.find("rule: category:glue -group (project 3); category by function:place "
                     "category=glue (project 2)"),
            std::string::npos)
      << why;
}

TEST(StackRules, NativeStacksEndAtTheThrow) {
  const auto native = [](std::vector<std::string> functions) {
    std::vector<Frame> frames;
    for (std::string& name : functions) {
      Frame frame;
      frame.function = std::move(name);
      frame.package = "/usr/lib/libengine.so";
      frames.push_back(frame);
    }
    return MakeEvent("native", {MakeException("SIGABRT", "", frames)});
  };
  const auto plain = native({"_start", "main", "engine::tick", "engine::load"});
  const auto aborted = native({"_start", "main", "engine::tick", "engine::load", "abort", "raise"});
  const auto terminated =
      native({"_start", "main", "engine::tick", "engine::load", "std::terminate", "abort"});
  EXPECT_NE(KeysOf(aborted).site, KeysOf(plain).site);
  EXPECT_NE(KeysOf(aborted).site, KeysOf(terminated).site);
  EXPECT_NE(ExplainOf(aborted).find("\"!abort\""), std::string::npos) << ExplainOf(aborted);
  EXPECT_EQ(
      KeysOf(aborted).site,
      KeysOf(native({"__libc_start_main", "main", "engine::tick", "engine::load", "abort"})).site);
}

TEST(StackRules, NodesOwnFramesAreNoKey) {
  const auto rejection = [](const std::string& text, const std::string& internals) {
    Frame frame;
    frame.function = "process.processPromiseRejections";
    frame.filename = frame.abs_path = internals;
    frame.lineno = 470;
    frame.in_app = false;
    return MakeEvent("node", {MakeException("UnhandledRejection", text, {frame})});
  };
  const auto a = rejection("rejected with a string", "node:internal/process/promises");
  const auto b = rejection("queue closed", "node:internal/process/promises");
  EXPECT_NE(KeysOf(a).site, KeysOf(b).site);
  EXPECT_TRUE(KeysOf(a).weak);
  EXPECT_EQ(GroupOf(a).decided_by, "text");
}

TEST(StackRules, HangsAreReadFromTheBase) {
  Event hang = ValueErrorEvent();
  hang.exceptions[0].type = "ApplicationNotResponding";
  FramesOf(hang).clear();
  for (int i = 0; i < 9; ++i) FramesOf(hang).push_back(MakeFrame("app", "f" + std::to_string(i)));
  Event deeper = hang;
  FramesOf(deeper).push_back(MakeFrame("app", "elsewhere"));
  EXPECT_EQ(KeysOf(hang).site, KeysOf(deeper).site);
}

TEST(StackRules, BuiltInRulesAreReadAndNumbered) {
  const auto& rules = g1::BuiltInStackRules().Rules();
  EXPECT_GT(rules.size(), 280U);
  EXPECT_EQ(rules.front().number, 1U);
  EXPECT_EQ(rules.back().number, rules.size());
  EXPECT_TRUE(g1::BuiltInStackRules().Warnings().empty());
}

// Any text is rules or has an error inside of it; what is read groups events.
TEST(StackRuleText, RandomTextNeverDoesHarm) {
  static constexpr std::string_view kPieces[] = {"function:",
                                                 "path:",
                                                 "a*",
                                                 "**/",
                                                 "[",
                                                 "]",
                                                 "|",
                                                 " ",
                                                 "-app",
                                                 "^",
                                                 "v",
                                                 "+group",
                                                 "\"",
                                                 "\\",
                                                 "->",
                                                 "{{",
                                                 "}}",
                                                 ",",
                                                 "title=",
                                                 "#",
                                                 "\n",
                                                 "type:",
                                                 "!",
                                                 "category=",
                                                 "max-frames=",
                                                 "9",
                                                 "\xFF",
                                                 "message:",
                                                 "split:message",
                                                 "tags.a:",
                                                 "family:all"};
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same texts in every run
  const Event event = ValueErrorEvent();
  int read = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    for (const GroupingRuleTexts& texts :
         {GroupingRuleTexts{text, ""}, GroupingRuleTexts{"", text}}) {
      auto rules = CurrentGrouping().CompileRules(texts);
      if (rules) {
        ++read;
        EXPECT_NE(CurrentGrouping().GroupUnder(event, **rules).keys.Deciding(), Hash128{});
        continue;
      }
      EXPECT_EQ(rules.error().in_fingerprint, texts.stack_trace.empty());
      EXPECT_GE(rules.error().at.line, 1U);
      EXPECT_LE(rules.error().at.line,
                1U + static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')));
      EXPECT_GE(rules.error().at.column, 1U);
      EXPECT_LE(rules.error().at.column, text.size() + 1);
      EXPECT_FALSE(rules.error().at.message.empty());
    }
  }
  EXPECT_GT(read, 1'000);
}

TEST(StackRules, HugeNamesUnderManyRules) {
  Event event = ValueErrorEvent();
  for (Frame& frame : FramesOf(event)) {
    frame.function = frame.module = std::string(1'000'000, 'a');
    frame.abs_path = frame.filename = frame.package = std::string(500'000, '/');
  }
  std::string rules;
  for (int i = 0; i < 200; ++i) rules += "function:*a*a*a*b path:**/*/**/*/b -app\n";
  EXPECT_TRUE(Under(event, rules).site);
}

TEST(StackRules, OneThreadServesManyProjects) {
  const Event event = ValueErrorEvent();
  const auto a = Rules("function:place -group");
  const auto b = Rules("function:total -group");
  const auto& g1 = CurrentGrouping();
  const auto under_a = g1.GroupUnder(event, *a).keys;
  const auto under_b = g1.GroupUnder(event, *b).keys;
  EXPECT_NE(under_a.site, under_b.site);
  EXPECT_EQ(g1.GroupUnder(event, *a).keys, under_a);
  EXPECT_EQ(g1.Group(event).keys, KeysOf(event));
  EXPECT_NE(KeysOf(event).site, under_a.site);
}

}  // namespace
}  // namespace mishap
