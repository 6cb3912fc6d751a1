// What a digest remembers of hash rows is never stale (grouping 14.2): two writers on one database,
// both warm, and somebody who merges, unmerges, splits, discards and deletes.
#include <atomic>
#include <functional>
#include <thread>

#include "storage/triage/issue_change.h"
#include "tests/storage/regroup_fixture.h"

namespace mishap {
namespace {

const SpoolId kOtherSpool{{99}};

class RowMemoryTest : public Regroup {
 protected:
  RowMemoryTest() : other_(NewWriter()) { EXPECT_EQ(other_->Position(kOtherSpool, 0).value(), 0u); }

  // By the second server.
  DigestCommit StoreThere(std::vector<DigestEvent> events) {
    DigestBatch batch = BatchOf(std::move(events), other_seq_);
    batch.spool = kOtherSpool;
    auto commit = other_->Commit(batch);
    EXPECT_TRUE(commit) << commit.error().sqlstate << " " << commit.error().detail;
    if (!commit) return {};
    other_seq_ = batch.next_seq;
    return *commit;
  }
  // One event of each of hashes 1 and 2, texts 1 and 2, by each server.
  void StoreOnBoth() {
    Store({Next(1, 1), Next(1, 2), Next(2, 1)});
    StoreThere({Next(1, 1), Next(1, 2), Next(2, 1)});
  }
  DigestEvent Next(std::uint64_t hash, std::uint64_t text) { return Of(++events_, hash, text); }
  std::string Rows() const {
    return db_.Dump(
        "select kind, state, issue_id - 1000000000, times_seen from tenant.hash_row "
        "where kind <> 3 order by id");
  }
  std::int64_t Number(const std::string& sql) const { return db_.Number(sql); }

  std::unique_ptr<DigestWriter> other_;
  std::uint64_t other_seq_ = 0;
  std::uint64_t events_ = 0;
};

TEST_F(RowMemoryTest, WhatIsKnownIsNotLookedUpAgainUntilSomebodyRegroups) {
  EXPECT_EQ(Store({Next(1, 1), Next(2, 1)}).keys_looked_up, 2u);
  DigestCommit commit = Store({Next(1, 1), Next(2, 1), Next(2, 2)});
  EXPECT_EQ(commit.keys_remembered, 2u);
  EXPECT_EQ(commit.keys_looked_up, 0u);
  commit = Store({Next(1, 1), Next(3, 1)});
  EXPECT_EQ(commit.keys_remembered, 1u);
  EXPECT_EQ(commit.keys_looked_up, 1u) << "only what is new";
  ASSERT_TRUE(MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_));
  commit = Store({Next(1, 1)});
  EXPECT_EQ(Count(1), 7) << "all of both";
  EXPECT_EQ(Store({Next(1, 1)}).keys_remembered, 1u) << "and again from memory";
  EXPECT_EQ(Store({Next(2, 1)}).keys_looked_up, 1u) << "nobody vouches for the others";
}

TEST_F(RowMemoryTest, EveryActionShowsAtOnceOnBothServers) {
  StoreOnBoth();
  StoreOnBoth();
  ASSERT_EQ(Rows(), "1|0|1|8|\n1|0|2|4|\n");

  auto split = SplitByMessage(session_, scope_, Issue(1), {HashOf(1)}, false, now_);
  ASSERT_TRUE(split);
  StoreOnBoth();
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|1|1|8|\n1|0|2|8|\n2|0|1|4|\n2|0|3|4|\n")
      << "texts count, the place does not";
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, split->log, faces_, now_));
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|12|\n1|0|2|10|\n2|0|1|4|\n2|0|1|4|\n") << "and the other way round";

  auto merged = MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_);
  ASSERT_TRUE(merged);
  StoreOnBoth();
  EXPECT_EQ(Count(1), 36);
  auto unmerged = UnmergeHashes(session_, scope_, Issue(1), {HashOf(2)}, faces_, now_);
  ASSERT_TRUE(unmerged);
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|20|\n1|0|4|14|\n2|0|1|4|\n2|0|1|4|\n");

  auto discarded = DiscardIssues(session_, scope_, {unmerged->issue}, now_);
  ASSERT_TRUE(discarded);
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|24|\n1|2|4|14|\n2|0|1|4|\n2|0|1|4|\n");
  EXPECT_EQ(Number("select sum(quantity) from tenant.outcome where reason = 'discarded-hash'"), 2);
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, discarded->logs.front(), faces_, now_));
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|28|\n1|0|4|16|\n2|0|1|4|\n2|0|1|4|\n");

  ASSERT_TRUE(DeleteIssues(session_, scope_, {unmerged->issue}));
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|32|\n1|3|4|16|\n2|0|1|4|\n2|0|1|4|\n1|0|5|2|\n") << "an issue anew";
  db_.Rows(
      "update tenant.issue set status_changed_at = now() - interval '1 hour' where status = 4");
  ASSERT_TRUE(DeleteIssues(session_, scope_, {Issue(5)}));
  db_.Rows(
      "update tenant.issue set status_changed_at = now() - interval '1 hour' where status = 4");
  ASSERT_EQ(PurgeDeletedIssues(session_, 10).value(), 2);
  StoreOnBoth();
  EXPECT_EQ(Rows(), "1|0|1|36|\n2|0|1|4|\n2|0|1|4|\n1|0|6|2|\n") << "also when the rows are gone";
}

// An issue was deleted and its error comes again: it is a first sighting, and what comes with one
// (explanation, keys of the version before) must be there, also on a server that knew the key.
TEST_F(RowMemoryTest, AKeyWhoseRowIsGoneIsPreparedAgain) {
  StoreOnBoth();
  ASSERT_TRUE(DeleteIssues(session_, scope_, {Issue(1)}));
  DigestEvent known = Next(1, 1);
  known.explanation.clear();
  ASSERT_TRUE(other_->IsKnown(known.project, known.algorithm, known.kind, known.deciding));
  DigestBatch batch = BatchOf({known}, other_seq_);
  batch.spool = kOtherSpool;
  auto commit = other_->Commit(batch);
  ASSERT_FALSE(commit);
  EXPECT_EQ(commit.error().kind, CommitFailure::Kind::kPrepareAgain);
  EXPECT_FALSE(other_->IsKnown(known.project, known.algorithm, known.kind, known.deciding));
  known.explanation = R"({"why":"again"})";
  EXPECT_EQ(StoreThere({known}).new_issues, 1u);
  // The first server has not seen it: the row is there again, and so is its explanation.
  DigestEvent next = Next(1, 1);
  next.explanation.clear();
  EXPECT_EQ(Store({next}).new_issues, 0u);
  EXPECT_EQ(Count(3), 2);
}

// While one server stores without a pause, another one's users regroup. Once an action has
// returned, not one more event goes where it said that none goes.
class Storm : public RowMemoryTest {
 protected:
  void Run(const std::function<void()>& regroup) {
    std::atomic<bool> stop{false};
    std::thread server([&] {
      while (!stop) {
        StoreThere({Next(1, 1), Next(1, 2), Next(2, 1)});
        ++batches_;
      }
    });
    regroup();
    stop = true;
    server.join();
  }
  // Until the server has stored under what stands now.
  void Batches(int count) {
    for (const int until = batches_ + count; batches_ < until;) std::this_thread::yield();
  }
  std::int64_t CountOf(std::uint64_t hash) const {
    return Number("select sum(times_seen) from tenant.hash_row where kind = 1 and id = " +
                  std::to_string(hash));
  }

  std::atomic<int> batches_{0};
};

TEST_F(Storm, ASplitAndItsUndoAreSharp) {
  Store({Next(1, 1), Next(1, 1), Next(1, 2), Next(2, 1)});
  Run([&] {
    for (int round = 0; round < 15; ++round) {
      auto split = SplitByMessage(session_, scope_, Issue(1), {HashOf(1)}, false, now_);
      ASSERT_TRUE(split) << split.error().detail;
      const auto at_split = CountOf(1);
      Batches(3);
      EXPECT_EQ(CountOf(1), at_split) << "the place was split";
      auto undone = UndoRegroup(session_, scope_, ProjectId{1}, split->log, faces_, now_);
      ASSERT_TRUE(undone) << undone.error().detail;
      const std::string texts = "select sum(times_seen) from tenant.hash_row where kind = 2";
      const auto at_undo = Number(texts);
      Batches(3);
      EXPECT_EQ(Number(texts), at_undo) << "the texts are one again";
      EXPECT_GT(CountOf(1), at_split);
    }
  });
  EXPECT_EQ(Number("select sum(times_seen) from tenant.issue where status < 3"),
            Number("select count(*) from tenant.event"));
}

TEST_F(Storm, ADiscardAndADeleteAreSharp) {
  Store({Next(1, 1), Next(2, 1)});
  Run([&] {
    for (int round = 0; round < 10; ++round) {
      auto discarded = DiscardIssues(session_, scope_, {Issue(1)}, now_);
      ASSERT_TRUE(discarded);
      const auto at_discard = CountOf(1);
      Batches(3);
      EXPECT_EQ(CountOf(1), at_discard);
      ASSERT_TRUE(
          UndoRegroup(session_, scope_, ProjectId{1}, discarded->logs.front(), faces_, now_));
      Batches(3);
      EXPECT_GT(CountOf(1), at_discard) << "taken again";
    }
    for (int round = 0; round < 10; ++round) {
      const std::int64_t issue = Number(
          "select issue_id from tenant.hash_row where kind = 1 and state = 0 and hash = "
          "decode('" +
          ToHex(HashOf(2)) + "', 'hex')");
      const std::string counted = "select times_seen from tenant.issue where id = ";
      ASSERT_TRUE(DeleteIssues(session_, scope_, {IssueId{issue}}));
      const auto at_delete = Number(counted + std::to_string(issue));
      Batches(3);
      EXPECT_EQ(Number(counted + std::to_string(issue)), at_delete);
      db_.Rows(
          "update tenant.issue set status_changed_at = now() - interval '1 hour' "
          "where status = 4");
      ASSERT_TRUE(PurgeDeletedIssues(session_, 10));
      Batches(3);
    }
  });
  EXPECT_EQ(Number("select count(*) from tenant.issue i where i.status = 0 and not exists "
                   "(select from tenant.hash_row h where h.issue_id = i.id)"),
            0);
}

TEST_F(Storm, AMergeAndAnUnmergeAreSharp) {
  Store({Next(1, 1), Next(1, 1), Next(2, 1)});
  Run([&] {
    for (int round = 0; round < 15; ++round) {
      auto merged = MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_);
      ASSERT_TRUE(merged) << merged.error().detail;
      const IssueId away = merged->children.front();
      const auto at_merge = Count(away.value - Issue(0).value);
      Batches(3);
      EXPECT_EQ(Count(away.value - Issue(0).value), at_merge);
      ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, merged->log, faces_, now_));
      Batches(3);
      EXPECT_GT(Count(away.value - Issue(0).value), at_merge);
    }
  });
  EXPECT_EQ(Number("select sum(times_seen) from tenant.issue where status < 3"),
            Number("select count(*) from tenant.event"));
}

}  // namespace
}  // namespace mishap
