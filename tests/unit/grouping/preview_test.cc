// What a changed grouping would do, before it does it; and compiled versions.
#include "grouping/preview.h"

#include <gtest/gtest.h>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;

GroupingVersion Version(std::string stack, std::string fingerprint = "") {
  GroupingSetup setup;
  setup.stack_trace_rules = std::move(stack);
  setup.fingerprint_rules = std::move(fingerprint);
  return GroupingVersion::Compile(setup, FindGrouping).value();
}

Event In(std::string function, std::string text = "broken") {
  return MakeEvent("python", {MakeException("ValueError", std::move(text),
                                            {MakeFrame("shop.views", "checkout"),
                                             MakeFrame("shop.cart", std::move(function))})});
}

// Two issues as a project without rules makes them: row 1 of issue 11, row 2 of issue 12.
void Seed(GroupingPreview& preview) {
  const auto key = [](const Event& event) { return *KeysOf(event).site; };
  preview.Know(1, 1, key(In("total")), 11);
  preview.Know(1, 1, key(In("place")), 12);
  preview.Sample(In("total"), 1, 11);
  preview.Sample(In("place"), 2, 12);
}

TEST(Preview, TheSameRulesChangeNothing) {
  const GroupingVersion same = Version("");
  GroupingPreview preview(same, false);
  Seed(preview);
  preview.Add(In("total"), 1, 11);
  preview.Add(In("place"), 2, 12);
  const PreviewReport report = preview.Report();
  EXPECT_EQ(report.events, 2);
  EXPECT_EQ(report.issues, 2);
  EXPECT_EQ(report.new_issues + report.split_events + report.joined_events, 0);
  EXPECT_TRUE(report.splits.empty() && report.joins.empty());
}

TEST(Preview, ARuleThatHidesWhatDiffersJoins) {
  const GroupingVersion next = Version("module:shop.cart -app");
  GroupingPreview preview(next, false);
  Seed(preview);
  for (int i = 0; i < 3; ++i) preview.Add(In("total"), 1, 11);
  preview.Add(In("place"), 2, 12);
  const PreviewReport report = preview.Report();
  EXPECT_EQ(report.joined_events, 1);
  ASSERT_EQ(report.joins.size(), 1u);
  EXPECT_EQ(report.joins[0].issue, 12);
  EXPECT_EQ(report.joins[0].parts[0].issue, 11);
  EXPECT_TRUE(report.splits.empty());
}

TEST(Preview, ARuleThatTellsApartHasOneHeir) {
  // All of one issue so far, by what a person merged.
  const GroupingVersion next = Version("function:checkout -group");
  GroupingPreview preview(next, false);
  preview.Sample(In("total"), 1, 11);
  for (int i = 0; i < 3; ++i) preview.Add(In("total"), 1, 11);
  preview.Add(In("place"), 1, 11);
  const PreviewReport report = preview.Report();
  EXPECT_EQ(report.new_issues, 1);
  ASSERT_EQ(report.splits.size(), 1u);
  EXPECT_EQ(report.splits[0].stay, 3);
  ASSERT_EQ(report.splits[0].parts.size(), 1u);
  EXPECT_EQ(report.splits[0].parts[0].events, 1);
  EXPECT_EQ(report.splits[0].parts[0].title, "ValueError: broken");
}

TEST(Preview, AnotherAlgorithmTakesEverythingOver) {
  const GroupingVersion next = Version("");
  GroupingPreview preview(next, true);
  preview.Add(In("total"), 1, 11);
  preview.Add(In("place"), 1, 11);
  EXPECT_EQ(preview.Report().new_issues, 0);
}

TEST(Preview, AFingerprintRuleNamesAGroupOfItsOwn) {
  const GroupingVersion next =
      Version("", "error.type:ValueError -> shop title=\"Shop: {{ error.type }}\"");
  GroupingPreview preview(next, false);
  Seed(preview);
  preview.Add(In("total"), 1, 11);
  preview.Add(In("place"), 2, 12);
  const PreviewReport report = preview.Report();
  EXPECT_EQ(report.new_issues, 1);
  EXPECT_EQ(report.split_events, 2);
  ASSERT_EQ(report.splits.size(), 2u);
  EXPECT_EQ(report.splits[0].parts[0].title, "Shop: ValueError");
  EXPECT_EQ(report.splits[0].parts[0].issue, report.splits[1].parts[0].issue);
}

TEST(GroupingVersion, MistakesAreToldByPlaceAndUnknownAlgorithmsByName) {
  GroupingSetup setup;
  setup.fingerprint_rules = "# fine\nerror.typ:x -> y";
  auto wrong = GroupingVersion::Compile(setup, FindGrouping);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().in_fingerprint);
  EXPECT_EQ(wrong.error().at.line, 2u);
  setup = {};
  setup.algorithm = "g99";
  auto unknown = GroupingVersion::Compile(setup, FindGrouping);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().at.line, 0u);
  EXPECT_NE(unknown.error().at.message.find("g99"), std::string::npos);
}

}  // namespace
}  // namespace mishap
