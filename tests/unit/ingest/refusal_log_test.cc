#include "ingest/refusal_log.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

RefusedRequest Refused(std::string detail) {
  RefusedRequest out;
  out.door = "envelope";
  out.status = 403;
  out.reason = Reason::kUnknownKey;
  out.detail = std::move(detail);
  return out;
}

std::string Details(const RefusalLog& log, ProjectId project) {
  std::string out;
  for (const auto& row : log.Of(project)) out += row.detail + ";";
  return out;
}

TEST(RefusalLog, NewestFirstAndOfTheProjectOnly) {
  RefusalLog log;
  log.Add({1}, Refused("a"));
  log.Add({2}, Refused("other"));
  log.Add({1}, Refused("b"));
  EXPECT_EQ(Details(log, {1}), "b;a;");
  EXPECT_EQ(Details(log, {2}), "other;");
  EXPECT_EQ(Details(log, {3}), "");
}

TEST(RefusalLog, AlikeInARowIsOneWithItsNumber) {
  RefusalLog log;
  for (int i = 0; i < 5; ++i) {
    auto row = Refused("a");
    row.at = Timestamp{i};
    log.Add({1}, row);
  }
  log.Add({1}, Refused("b"));
  log.Add({1}, Refused("a"));
  EXPECT_EQ(Details(log, {1}), "a;b;a;");
  EXPECT_EQ(log.Of({1}).back().times, 5);
  EXPECT_EQ(log.Of({1}).back().at, Timestamp{4});
  EXPECT_EQ(log.Of({1}).front().times, 1);
}

TEST(RefusalLog, BoundsOfAProjectAndOfAll) {
  RefusalLog log;
  log.Add({1}, Refused("first"));
  for (std::size_t i = 0; i < RefusalLog::kKept; ++i) log.Add({2}, Refused(std::to_string(i)));
  log.Add({2}, Refused(std::string(1'000, 'x')));
  EXPECT_EQ(log.Of({2}).size(), RefusalLog::kKept);
  EXPECT_EQ(log.Of({2}).front().detail, std::string(RefusalLog::kTextBytesMax, 'x'));
  EXPECT_EQ(log.Of({2}).back().detail, "1");
  for (std::size_t i = 0; i < RefusalLog::kProjectsMax - 1; ++i) {
    log.Add({static_cast<std::int64_t>(i) + 10}, Refused("x"));
  }
  EXPECT_TRUE(log.Of({1}).empty()) << "refused longest ago";
  EXPECT_FALSE(log.Of({2}).empty());
}

TEST(RefusalLog, AKeyIsRecognisableAndNotWhole) {
  EXPECT_EQ(MaskedKey("4f1c6f0e8a2b4d5c9e7f31d0a8b6c254"), "4f1c…254");
  EXPECT_EQ(MaskedKey("short"), "…");
  EXPECT_EQ(MaskedKey(""), "");
}

}  // namespace
}  // namespace mishap
