#include "storage/user_sketch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mishap {
namespace {

std::vector<std::uint64_t> Hashes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> out(count);
  for (auto& hash : out) hash = random();
  return out;
}

UserSketch SketchOf(const std::vector<std::uint64_t>& hashes) {
  UserSketch sketch;
  for (std::uint64_t hash : hashes) sketch.Add(hash);
  return sketch;
}

TEST(UserSketch, IsExactUpTo256) {
  UserSketch sketch;
  for (std::uint64_t hash : Hashes(256, 1)) EXPECT_TRUE(sketch.Add(hash));
  for (std::uint64_t hash : Hashes(256, 1)) EXPECT_FALSE(sketch.Add(hash));
  EXPECT_TRUE(sketch.IsExact());
  EXPECT_EQ(sketch.Estimate(), 256u);
  EXPECT_TRUE(sketch.Add(42));
  EXPECT_FALSE(sketch.IsExact());
  EXPECT_FALSE(sketch.Add(42));
  EXPECT_NEAR(static_cast<double>(sketch.Estimate()), 257, 8);
}

TEST(UserSketch, StaysWithinFiveStandardErrors) {
  for (std::size_t count : {300u, 1000u, 3000u, 10'000u, 30'000u, 200'000u}) {
    const auto n = static_cast<double>(count);
    const auto estimate = static_cast<double>(SketchOf(Hashes(count, count)).Estimate());
    EXPECT_NEAR(estimate, n, 5 * 0.0163 * n) << count;
  }
}

TEST(UserSketch, AnyOrderAndGroupingGivesTheSameBytes) {
  const auto all = Hashes(2000, 7);
  const std::string expected = SketchOf(all).Serialize();
  std::vector<std::uint64_t> reversed(all.rbegin(), all.rend());
  EXPECT_EQ(SketchOf(reversed).Serialize(), expected);
  UserSketch merged;
  for (std::size_t part : {3u, 0u, 1u, 2u}) {  // parts of 500 (registers); one of them twice
    merged.Merge(SketchOf({all.begin() + 500 * static_cast<long>(part),
                           all.begin() + 500 * static_cast<long>(part + 1)}));
  }
  EXPECT_FALSE(merged.Merge(SketchOf({all.begin(), all.begin() + 100})));  // exact into registers
  EXPECT_EQ(merged.Serialize(), expected);
  UserSketch small = SketchOf({all.begin(), all.begin() + 10});
  small.Merge(SketchOf(all));  // registers into exact
  EXPECT_EQ(small.Serialize(), expected);
}

TEST(UserSketch, ReadsWhatItWroteAndNothingElse) {
  for (std::size_t count : {0u, 1u, 256u, 257u, 5000u}) {
    const std::string bytes = SketchOf(Hashes(count, 3)).Serialize();
    auto again = UserSketch::Parse(bytes);
    ASSERT_TRUE(again) << count;
    EXPECT_EQ(again->Serialize(), bytes);
    EXPECT_FALSE(UserSketch::Parse(bytes + "x")) << count;
  }
  EXPECT_FALSE(UserSketch::Parse(""));
  EXPECT_FALSE(UserSketch::Parse("\x03"));
  EXPECT_LE(SketchOf(Hashes(5000, 3)).Serialize().size(), 3073u);
  std::string unsorted = SketchOf({1, 2}).Serialize();
  std::swap(unsorted[1], unsorted[9]);
  EXPECT_FALSE(UserSketch::Parse(unsorted));
}

}  // namespace
}  // namespace mishap
