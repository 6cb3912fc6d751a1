// What pages hear of changed issues: their own projects only, once, also after a break; and the
// bounds. Time is handed in, the pieces are kept in memory.
#include "api/stream/issue_stream.h"

#include <gtest/gtest.h>

#include <memory>

namespace mishap {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

// A page's end of a stream.
struct Page {
  std::string text;
  bool ended = false;
  bool gone = false;

  bool Write(std::string piece) {
    if (gone) return false;
    if (piece.empty()) ended = true;
    text += piece;
    return true;
  }
  std::string Take() { return std::exchange(text, {}); }
};

class IssueStreamTest : public ::testing::Test {
 protected:
  // Null: refused.
  std::shared_ptr<Page> Open(std::vector<ProjectId> projects, std::string last_id = "",
                             std::string who = "mara") {
    IssueStream::Wanted wanted{std::move(who), std::move(projects), std::move(last_id)};
    auto begin = stream_.Open(std::move(wanted));
    if (!begin) return nullptr;
    auto page = std::make_shared<Page>();
    (*begin)([page](std::string piece) { return page->Write(std::move(piece)); });
    return page;
  }
  void Flush(std::chrono::seconds after = 0s) { stream_.Flush(start_ + after); }

  Metrics metrics_;
  IssueStream stream_{"e1", metrics_};
  const Time start_ = Time() + 1000s;
};

constexpr ProjectId kShop{1}, kWeb{2}, kSecret{3};

TEST_F(IssueStreamTest, APageHearsOfItsProjectsOnly) {
  auto shop = Open({kShop, kWeb});
  auto web = Open({kWeb});
  auto nothing = Open({});
  EXPECT_EQ(shop->Take(), "id: e1-0\n\n");
  web->Take();
  nothing->Take();
  stream_.Publish("3,1");
  stream_.Publish("1");
  Flush();
  EXPECT_EQ(shop->Take(), "id: e1-1\nevent: issues\ndata: {\"projects\":[\"1\"]}\n\n");
  EXPECT_EQ(web->Take(), "");
  EXPECT_EQ(nothing->Take(), "");
  Flush();
  EXPECT_EQ(shop->Take(), "");  // said once
  stream_.Publish("2,3,1");
  Flush();
  EXPECT_EQ(shop->Take(), "id: e1-2\nevent: issues\ndata: {\"projects\":[\"1\",\"2\"]}\n\n");
  EXPECT_EQ(web->Take(), "id: e1-2\nevent: issues\ndata: {\"projects\":[\"2\"]}\n\n");
  EXPECT_EQ(nothing->Take(), "");
}

TEST_F(IssueStreamTest, WhoComesAgainHearsWhatChangedMeanwhile) {
  stream_.Publish("1");
  Flush();
  stream_.Publish("2,3");
  Flush();
  EXPECT_EQ(Open({kShop, kWeb}, "e1-0")->Take(),
            "id: e1-2\nevent: issues\ndata: {\"projects\":[\"1\",\"2\"]}\n\n");
  EXPECT_EQ(Open({kShop, kWeb}, "e1-1")->Take(),
            "id: e1-2\nevent: issues\ndata: {\"projects\":[\"2\"]}\n\n");
  EXPECT_EQ(Open({kShop}, "e1-1")->Take(), "id: e1-2\n\n");
  EXPECT_EQ(Open({kShop, kWeb}, "e1-2")->Take(), "id: e1-2\n\n");
}

TEST_F(IssueStreamTest, AnIdOfAnotherProcessOrNoIdAtAllIsAGap) {
  const std::string gap = "id: e1-0\nevent: gap\ndata: {}\n\n";
  for (const char* id : {"e2-0", "e1-7", "e1-", "e1", "x", "e1-0x", "e1--1"}) {
    EXPECT_EQ(Open({kShop}, id)->Take(), gap) << id;
  }
}

TEST_F(IssueStreamTest, AGapIsSaidToAllAndForgetsWhatWas) {
  stream_.Publish("1");
  Flush();
  auto page = Open({kWeb});
  page->Take();
  stream_.Publish("*");
  Flush();
  EXPECT_EQ(page->Take(), "id: e1-2\nevent: gap\ndata: {}\n\n");
  EXPECT_EQ(Open({kShop}, "e1-1")->Take(), "id: e1-2\nevent: gap\ndata: {}\n\n");
  EXPECT_EQ(Open({kShop}, "e1-2")->Take(), "id: e1-2\n\n");
}

TEST_F(IssueStreamTest, MoreProjectsThanAreRememberedAreAGap) {
  std::string many;
  for (std::size_t i = 1; i <= IssueStream::kRememberedMax + 1; ++i) {
    many += std::to_string(i) + ",";
  }
  auto page = Open({kSecret});
  page->Take();
  stream_.Publish(many);
  Flush();
  EXPECT_EQ(page->Take(), "id: e1-1\nevent: gap\ndata: {}\n\n");
}

TEST_F(IssueStreamTest, WhatIsNoNumberIsNobodys) {
  auto page = Open({kShop});
  page->Take();
  stream_.Publish("1x,,-,1");
  Flush();
  EXPECT_EQ(page->Take(), "id: e1-1\nevent: issues\ndata: {\"projects\":[\"1\"]}\n\n");
}

TEST_F(IssueStreamTest, HeartbeatsInSilenceAndAnEnd) {
  auto page = Open({kShop});
  Flush();
  page->Take();
  Flush(IssueStream::kHeartbeatEvery - 1s);
  EXPECT_EQ(page->Take(), "");
  Flush(IssueStream::kHeartbeatEvery);
  EXPECT_EQ(page->Take(), ": still here\n\n");
  Flush(IssueStream::kLifetime - 1s);
  EXPECT_FALSE(page->ended);
  Flush(IssueStream::kLifetime);
  EXPECT_TRUE(page->ended);
  EXPECT_NE(metrics_.Exposition().find("mishap_issue_streams 0"), std::string::npos);
}

TEST_F(IssueStreamTest, WhoHasGoneIsForgottenAtTheNextPiece) {
  auto page = Open({kShop});
  page->gone = true;
  EXPECT_NE(metrics_.Exposition().find("mishap_issue_streams 1"), std::string::npos);
  stream_.Publish("1");
  Flush();
  EXPECT_NE(metrics_.Exposition().find("mishap_issue_streams 0"), std::string::npos);
}

TEST_F(IssueStreamTest, BoundsOfOneAndOfAll) {
  for (std::size_t i = 0; i < IssueStream::kClientsOfOneMax; ++i) ASSERT_TRUE(Open({kShop}));
  EXPECT_FALSE(Open({kShop}));
  std::size_t open = IssueStream::kClientsOfOneMax;
  for (; open < IssueStream::kClientsMax; ++open) {
    ASSERT_TRUE(Open({kShop}, "", "somebody " + std::to_string(open)));
  }
  EXPECT_FALSE(Open({kShop}, "", "one more"));
}

TEST_F(IssueStreamTest, AStopEndsAllAndOpensNoMore) {
  auto page = Open({kShop});
  stream_.Stop();
  EXPECT_TRUE(page->ended);
  EXPECT_FALSE(Open({kShop}));
}

}  // namespace
}  // namespace mishap
