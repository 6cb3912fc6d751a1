// Options of a project: order of frames, depth, texts as they are, patterns of its own; and what a
// wrong line says.
#include <gtest/gtest.h>

#include <string>

#include "grouping/g1/options.h"
#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

Hash128 Site(const Event& event, const std::string& options) {
  auto rules = CurrentGrouping().CompileRules({"", "", options});
  if (!rules) {
    ADD_FAILURE() << rules.error().at.message;
    return {};
  }
  return CurrentGrouping().GroupUnder(event, **rules).keys.Deciding();
}

Event Deep(int frames) {
  Event event = MakeEvent("go", {MakeException("Boom", "x", {})});
  event.exceptions[0].stacktrace = Stacktrace{};
  for (int i = 0; i < frames; ++i) {
    FramesOf(event).push_back(MakeFrame("shop", "f" + std::to_string(i)));
  }
  return event;
}

TEST(Options, NewestFirstReadsAStackFromItsOtherEnd) {
  const Event event = Deep(9);
  Event reversed = event;
  std::reverse(FramesOf(reversed).begin(), FramesOf(reversed).end());
  EXPECT_NE(Site(event, ""), Site(reversed, ""));
  EXPECT_EQ(Site(event, ""), Site(reversed, "frame_order = newest_first"));
  EXPECT_EQ(Site(event, ""), Site(event, "frame_order = oldest_first # the default\n"));
}

TEST(Options, NewestFirstNamesFramesAsTheyWereSent) {
  auto rules = CurrentGrouping().CompileRules({"", "", "frame_order = newest_first"});
  ASSERT_TRUE(rules);
  const std::string tree = CurrentGrouping().ExplainUnder(Deep(400), **rules);
  EXPECT_NE(tree.find(R"("index":0,"raw":"f0 )"), std::string::npos) << tree;
  EXPECT_NE(tree.find(R"("from":256,"to":367)"), std::string::npos) << tree;
}

TEST(Options, DepthSiteJoinsPathsAndFullTellsLongOnesApart) {
  Event other = Deep(9);
  FramesOf(other)[7].function = "elsewhere";
  EXPECT_NE(Site(Deep(9), ""), Site(other, ""));
  EXPECT_EQ(Site(Deep(9), "depth = site"), Site(other, "depth = site"));
  Event entry = Deep(9);
  FramesOf(entry)[0].function = "elsewhere";
  EXPECT_EQ(Site(Deep(9), "depth=path"), Site(entry, "depth=path"));
  EXPECT_NE(Site(Deep(9), "depth=full"), Site(entry, "depth=full"));
}

TEST(Options, TextsAsTheyAre) {
  const std::string off = "message.parameterize = off";
  const Event a = MakeMessage("python", "cart 17 lost");
  const Event b = MakeMessage("python", "cart 18 lost");
  EXPECT_EQ(Site(a, ""), Site(b, ""));
  EXPECT_NE(Site(a, off), Site(b, off));
  EXPECT_EQ(Site(a, off), Site(MakeMessage("python", "  cart  17 lost\n"), off));
}

TEST(Options, PatternsComeBeforeAllTokens) {
  const Event a = MakeMessage("python", "part AB-CDE of box 7 missing");
  const Event b = MakeMessage("python", "part XY-QRS of box 8 missing");
  EXPECT_NE(Site(a, ""), Site(b, ""));
  EXPECT_EQ(Site(a, "pattern part = [A-Z]{2}-[A-Z]{3}"),
            Site(b, "pattern part = [A-Z]{2}-[A-Z]{3}"));
}

std::string Replaced(const g1::TextPatterns& patterns, std::string_view text) {
  std::string out;
  patterns.Replace(text, out, nullptr);
  return out;
}

TEST(Options, PatternsMatchLeftmostThenByOrder) {
  g1::TextPatterns patterns;
  EXPECT_EQ(patterns.Add("ab", "a+b"), "");
  EXPECT_EQ(patterns.Add("any", "[a-d]+"), "");
  EXPECT_EQ(Replaced(patterns, "xaab cab aabx"), "x<ab> <any> <ab>x");
  EXPECT_EQ(Replaced(patterns, ""), "");
  EXPECT_EQ(Replaced(patterns, "xyz"), "xyz");
}

TEST(Options, MistakesSayWhereAndWhat) {
  const struct {
    const char* text;
    std::uint32_t line;
    std::uint32_t column;
    const char* says;
  } cases[] = {
      {"depth = deep", 1, 9, "depth is site, path or full"},
      {"# fine\n\n  frame_order = sideways", 3, 17, "oldest_first or newest_first"},
      {"message.parameterize = perhaps", 1, 24, "on or off"},
      {"colour = red", 1, 1, "is no option"},
      {"depth", 1, 1, "name = value"},
      {"depth =", 1, 1, "has no value"},
      {"pattern Order = x", 1, 17, "letters a-z"},
      {"pattern order = (", 1, 17, "no RE2 expression"},
      {"pattern order = a*", 1, 17, "empty text"},
      {"pattern order =", 1, 1, "is empty"},
  };
  for (const auto& c : cases) {
    auto rules = CurrentGrouping().CompileRules({"", "", c.text});
    ASSERT_FALSE(rules) << c.text;
    EXPECT_TRUE(rules.error().in_options);
    EXPECT_EQ(rules.error().at.line, c.line) << c.text;
    EXPECT_EQ(rules.error().at.column, c.column) << c.text;
    EXPECT_NE(rules.error().at.message.find(c.says), std::string::npos) << rules.error().at.message;
  }
}

TEST(Options, LimitsHaveNumbers) {
  std::string text;
  for (std::size_t i = 0; i <= g1::kTextPatternsMax; ++i) text += "pattern x = abc\n";
  auto options = g1::ReadOptions(text);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().line, g1::kTextPatternsMax + 1);
  EXPECT_FALSE(g1::ReadOptions("pattern x = " + std::string(g1::kTextPatternBytesMax + 1, 'a')));
}

// A pattern that could backtrack, on a text made for it: the work stays in proportion.
TEST(Options, HostilePatternsStayLinear) {
  g1::TextPatterns patterns;
  ASSERT_EQ(patterns.Add("bad", "(a+)+b"), "");
  const std::string text(g1::kTextBytesMax, 'a');
  EXPECT_EQ(Replaced(patterns, text), text);
}

}  // namespace
}  // namespace mishap
