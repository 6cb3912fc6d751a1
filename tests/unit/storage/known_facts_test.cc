#include "storage/known_facts.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(KnownFacts, ForgetsTheOldestAndStaysBounded) {
  KnownFacts<int, int> facts(100);
  for (int i = 0; i < 10'000; ++i) {
    facts.Add(i, i * 2);
    ASSERT_LE(facts.Count(), 104u);
    ASSERT_NE(facts.Find(0), nullptr) << "asked for again and again, so kept";
  }
  EXPECT_EQ(*facts.Find(9999), 19'998);
  EXPECT_EQ(facts.Find(1), nullptr);
  EXPECT_FALSE(facts.Contains(1));
  EXPECT_TRUE(facts.Contains(0));
}

}  // namespace
}  // namespace mishap
