// Similar issues: what counts for likeness and what does not.
#include "grouping/similar.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

SimilarSample Numbers(std::vector<std::uint64_t> frames, std::uint64_t type = 1,
                      std::vector<std::uint64_t> words = {}) {
  return {std::move(frames), type, std::move(words)};
}

std::size_t SharedBands(const SimilarSample& a, const SimilarSample& b, std::uint64_t salt_b = 7) {
  const auto first = SimilarBandsOf(a, 7);
  const auto second = SimilarBandsOf(b, salt_b);
  std::size_t shared = 0;
  for (std::size_t i = 0; i < first.size(); ++i) shared += first[i] == second[i] ? 1U : 0U;
  return shared;
}

TEST(Similar, OneSampleIsWhollyLikeItself) {
  const SimilarSample a = Numbers({1, 2, 3}, 9, {4, 5});
  const Similarity self = Compare(a, a, {});
  EXPECT_DOUBLE_EQ(self.score, 1);
  EXPECT_DOUBLE_EQ(self.stack, 1);
  EXPECT_EQ(SharedBands(a, a), kSimilarBands);
}

TEST(Similar, NothingInCommonIsAgainstIt) {
  const Similarity none = Compare(Numbers({1, 2, 3}, 1, {1}), Numbers({4, 5, 6}, 2, {2}), {});
  EXPECT_DOUBLE_EQ(none.stack, -1);
  EXPECT_LT(none.score, 0);
  EXPECT_EQ(SharedBands(Numbers({1, 2, 3}), Numbers({4, 5, 6}, 2)), 0u);
}

TEST(Similar, ProjectsNeverMeet) {
  EXPECT_EQ(SharedBands(Numbers({1, 2, 3}), Numbers({1, 2, 3}), 8), 0u);
}

TEST(Similar, ItDoesNotMatterWhichComesFirst) {
  const SimilarSample a = Numbers({1, 2, 3, 4, 2}, 1, {1, 2});
  const SimilarSample b = Numbers({9, 2, 3, 4}, 1, {2, 3});
  EXPECT_DOUBLE_EQ(Compare(a, b, {}).score, Compare(b, a, {}).score);
}

TEST(Similar, FramesNearTheCrashSayMore) {
  const SimilarSample a = Numbers({1, 2, 3, 4, 5, 6});
  const double far = Compare(a, Numbers({1, 2, 3, 4, 5, 60}), {}).stack;
  const double near = Compare(a, Numbers({10, 2, 3, 4, 5, 6}), {}).stack;
  EXPECT_GT(far, near);
}

TEST(Similar, RareFramesSayMore) {
  FrameRarity rarity;
  rarity.total = 100;
  rarity.samples = {{2, 100}};  // everywhere
  const SimilarSample a = Numbers({1, 2});
  const double shares_common = Compare(a, Numbers({5, 2}), rarity).stack;
  const double shares_rare = Compare(Numbers({2, 1}), Numbers({5, 1}), rarity).stack;
  EXPECT_GT(shares_rare, shares_common);
}

TEST(Similar, ShiftedFramesAreAlmostEqual) {
  const double shifted = Compare(Numbers({1, 2, 3, 4}), Numbers({9, 1, 2, 3, 4}), {}).stack;
  EXPECT_GT(shifted, -0.2);
  EXPECT_LT(shifted, 1);
}

TEST(Similar, WithoutFramesWordsDecide) {
  const SimilarSample a = Numbers({}, 1, {1, 2, 3, 4});
  EXPECT_GE(Compare(a, Numbers({}, 1, {1, 2, 3, 5}), {}).score, kSimilarShown);
  EXPECT_LT(Compare(a, Numbers({}, 1, {1, 6, 7, 8}), {}).score, kSimilarShown);
}

TEST(Similar, HalfAlikeSamplesAreUsuallyCandidates) {
  int met = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    std::vector<std::uint64_t> a;
    for (std::uint64_t k = 0; k < 12; ++k) a.push_back(1000 * i + k);
    std::vector<std::uint64_t> b = a;
    b[11] = 7;
    b[10] = 8;
    met += SharedBands(Numbers(a), Numbers(b)) > 0 ? 1 : 0;
  }
  EXPECT_GT(met, 150);
}

TEST(Similar, AnEditedCallerLeavesASuggestion) {
  Event a = ValueErrorEvent();
  Event b = a;
  b.exceptions[0].stacktrace->frames[0].function = "elsewhere";
  const SimilarSample first = CurrentGrouping().Sample(a);
  const SimilarSample second = CurrentGrouping().Sample(b);
  ASSERT_FALSE(first.Empty());
  EXPECT_NE(first.type, 0u);
  EXPECT_GE(Compare(first, first, {}).score, 1.0);
  EXPECT_GT(Compare(first, second, {}).score, 0);
}

TEST(Similar, DeepRecursionIsReadOnceAndBounded) {
  Event event = MakeEvent("go", {MakeException("Boom", "", {})});
  event.exceptions[0].stacktrace = Stacktrace{};
  for (int i = 0; i < 200; ++i) FramesOf(event).push_back(MakeFrame("a", "f" + std::to_string(i)));
  EXPECT_EQ(CurrentGrouping().Sample(event).frames.size(), kSimilarFramesMax);
  for (Frame& frame : FramesOf(event)) frame.function = "same";
  EXPECT_EQ(CurrentGrouping().Sample(event).frames.size(), 1u);
  EXPECT_TRUE(CurrentGrouping().Sample(Event{}).Empty());
}

}  // namespace
}  // namespace mishap
