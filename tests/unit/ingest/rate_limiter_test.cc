#include "ingest/rate_limiter.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

Timestamp At(std::int64_t seconds) {
  return Timestamp{seconds * kMicrosPerSecond};
}

TEST(RateLimiter, CountsPerKeyAndWindow) {
  RateLimiter limiter;
  KeyEntry key;
  key.id = KeyId{1};
  key.rate_limit_count = 3;
  key.rate_limit_window_s = 60;
  KeyEntry other = key;
  other.id = KeyId{2};
  EXPECT_EQ(limiter.Take(key, 1, At(6010)), 0);
  EXPECT_EQ(limiter.Take(key, 2, At(6020)), 0);
  EXPECT_EQ(limiter.Take(key, 1, At(6050)), 10);
  EXPECT_EQ(limiter.Take(key, 1, At(6059)), 1);
  EXPECT_EQ(limiter.Take(other, 1, At(6059)), 0);
  EXPECT_EQ(limiter.Take(key, 1, At(6060)), 0);   // the next window
  EXPECT_EQ(limiter.Take(key, 3, At(6061)), 59);  // all or nothing: nothing was counted
  EXPECT_EQ(limiter.Take(key, 2, At(6061)), 0);
}

TEST(RateLimiter, ZeroIsUnlimitedAndChangesApplyAtOnce) {
  RateLimiter limiter;
  KeyEntry key;
  key.id = KeyId{1};
  EXPECT_EQ(limiter.Take(key, 1'000'000, At(1)), 0);
  key.rate_limit_count = 1;
  EXPECT_EQ(limiter.Take(key, 2, At(1)), 0);  // no window: no limit
  key.rate_limit_window_s = 10;
  EXPECT_EQ(limiter.Take(key, 1, At(1)), 0);
  EXPECT_GT(limiter.Take(key, 1, At(1)), 0);
  key.rate_limit_window_s = 20;
  EXPECT_EQ(limiter.Take(key, 1, At(1)), 0);
}

}  // namespace
}  // namespace mishap
