#include "spool/flush_times.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

using std::chrono::microseconds;

TEST(FlushTimes, NothingIsZero) {
  EXPECT_EQ(FlushTimes().Quantile(0.99), microseconds(0));
}

TEST(FlushTimes, QuantilesOfTheNewest) {
  FlushTimes times;
  for (int i = 0; i < 1'000; ++i) times.Add(microseconds(1'000'000));  // all forgotten
  for (int i = 1; i <= 512; ++i) times.Add(microseconds(i));
  EXPECT_EQ(times.Quantile(0), microseconds(1));
  EXPECT_EQ(times.Quantile(0.5), microseconds(257));
  EXPECT_EQ(times.Quantile(0.99), microseconds(507));
  EXPECT_EQ(times.Quantile(1), microseconds(512));
}

}  // namespace
}  // namespace mishap
