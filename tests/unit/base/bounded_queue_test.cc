// base/bounded_queue.h: both bounds, and the end.
#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace mishap {
namespace {

TEST(BoundedQueue, SaysNoAtEitherBound) {
  BoundedQueue<std::string> queue(2, 10);
  EXPECT_TRUE(queue.TryPush("a", 6));
  std::string refused = "b";
  EXPECT_FALSE(queue.TryPush(std::move(refused), 5));
  EXPECT_EQ(refused, "b");  // NOLINT: a refused item stays with its owner
  EXPECT_TRUE(queue.TryPush("c", 4));
  EXPECT_FALSE(queue.TryPush("d", 0));
  EXPECT_EQ(queue.ItemCount(), 2u);
  EXPECT_EQ(queue.ByteCount(), 10u);
}

TEST(BoundedQueue, LetsOneOversizedItemThroughWhenEmpty) {
  BoundedQueue<int> queue(2, 10);
  EXPECT_TRUE(queue.TryPush(1, 1000));
  EXPECT_FALSE(queue.TryPush(2, 1));
}

TEST(BoundedQueue, DrainsAfterCloseThenEnds) {
  BoundedQueue<int> queue(8, 100);
  queue.TryPush(1, 1);
  queue.TryPush(2, 1);
  queue.Close();
  EXPECT_FALSE(queue.TryPush(3, 1));
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_EQ(queue.Pop(), 2);
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(BoundedQueue, WakesAWaitingReader) {
  BoundedQueue<int> queue(8, 100);
  std::optional<int> got;
  std::thread reader([&] { got = queue.Pop(); });
  queue.TryPush(7, 1);
  reader.join();
  EXPECT_EQ(got, 7);
}

}  // namespace
}  // namespace mishap
