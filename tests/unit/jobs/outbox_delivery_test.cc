#include "jobs/outbox_delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace mishap {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

class OutboxDeliveryTest : public ::testing::Test {
 protected:
  OutboxDeliveryTest() {
    port_.claim = [this](int rows_max, seconds) -> Result<std::vector<OutboxRow>> {
      std::vector<OutboxRow> out;
      for (auto& row : rows_) {
        if (out.size() >= static_cast<std::size_t>(rows_max)) break;
        if (gone_.count(row.issue.value) != 0 || hidden_.count(row.issue.value) != 0) continue;
        hidden_.insert(row.issue.value);
        ++row.attempts;
        out.push_back(row);
      }
      return out;
    };
    port_.delivered = [this](const OutboxRow& row) -> Status {
      if (store_away_) return Fail(Reason::kUnavailable, "connection refused");
      gone_.insert(row.issue.value);
      return {};
    };
    port_.failed = [this](const OutboxRow& row, std::string_view error,
                          seconds retry_in) -> Status {
      errors_[row.issue.value] = error;
      retries_.push_back(retry_in);
      return {};
    };
  }
  void Add(std::int64_t n) {
    OutboxRow row;
    row.issue = IssueId{n};
    std::memcpy(row.delivery.bytes.data(), &n, sizeof n);
    rows_.push_back(row);
  }
  Deliver Recording() {
    return [this](const OutboxRow& row) -> Status {
      delivered_.push_back(row.issue.value);
      ids_.insert(ToHex(row.delivery));
      if (row.issue.value == failing_) return Fail(Reason::kTimeout, "no answer");
      return {};
    };
  }

  OutboxPort port_;
  std::vector<OutboxRow> rows_;
  std::set<std::int64_t> gone_;
  std::set<std::int64_t> hidden_;  // claimed
  std::map<std::int64_t, std::string> errors_;
  std::vector<seconds> retries_;
  std::vector<std::int64_t> delivered_;
  std::set<std::string> ids_;
  std::int64_t failing_ = -1;
  bool store_away_ = false;
};

TEST_F(OutboxDeliveryTest, EverythingDueIsDeliveredOnceInOrder) {
  for (int i = 1; i <= 250; ++i) Add(i);
  EXPECT_TRUE(DeliverOutbox(port_, Recording()));
  EXPECT_EQ(delivered_.size(), 250u);
  EXPECT_TRUE(std::is_sorted(delivered_.begin(), delivered_.end()));
  EXPECT_EQ(gone_.size(), 250u);
}

TEST_F(OutboxDeliveryTest, ARunIsBounded) {
  for (int i = 1; i <= kOutboxRowsMax * kOutboxClaimsMax + 10; ++i) Add(i);
  EXPECT_TRUE(DeliverOutbox(port_, Recording()));
  EXPECT_EQ(delivered_.size(), static_cast<std::size_t>(kOutboxRowsMax * kOutboxClaimsMax));
}

TEST_F(OutboxDeliveryTest, AFailureHoldsNothingUp) {
  for (int i = 1; i <= 3; ++i) Add(i);
  failing_ = 2;
  EXPECT_TRUE(DeliverOutbox(port_, Recording()));
  EXPECT_EQ(gone_, (std::set<std::int64_t>{1, 3}));
  EXPECT_EQ(errors_[2], "no answer");
  EXPECT_THAT(retries_, ElementsAre(seconds(10)));
}

TEST_F(OutboxDeliveryTest, WhatCouldNotBeNotedComesAgainUnderTheSameId) {
  Add(1);
  store_away_ = true;
  EXPECT_FALSE(DeliverOutbox(port_, Recording()));
  store_away_ = false;
  hidden_.clear();  // the claim ran out
  EXPECT_TRUE(DeliverOutbox(port_, Recording()));
  EXPECT_THAT(delivered_, ElementsAre(1, 1));
  EXPECT_EQ(ids_.size(), 1u);
}

TEST(OutboxRetryTest, DoublesUpToAnHour) {
  EXPECT_EQ(OutboxRetryIn(1), seconds(10));
  EXPECT_EQ(OutboxRetryIn(2), seconds(20));
  EXPECT_EQ(OutboxRetryIn(5), seconds(160));
  EXPECT_EQ(OutboxRetryIn(12), seconds(3600));
  EXPECT_EQ(OutboxRetryIn(1'000'000), seconds(3600));
  EXPECT_EQ(OutboxRetryIn(0), seconds(10));
}

}  // namespace
}  // namespace mishap
