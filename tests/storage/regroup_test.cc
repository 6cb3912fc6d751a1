// Merge, unmerge, split by message, discard and undo: pointers move, counters do not, and every
// summary is what its hash rows say.
#include <algorithm>
#include <random>

#include "tests/storage/regroup_fixture.h"

namespace mishap {
namespace {

constexpr const char* kIssues =
    "select id, status, merged_into, times_seen, users_seen, first_seen, first_event_id, "
    "last_seen, "
    "last_event_id, title, level from tenant.issue order by id";
constexpr const char* kCounters =
    "select 'row', hash_row::text, sum(times_seen) from tenant.hash_hour group by 2 "
    "union all select 'tag', hash_row::text, sum(times_seen) from tenant.hash_tag group by 2 "
    "union all select 'release', hash_row::text, sum(times_seen) from tenant.hash_release group by "
    "2 "
    "union all select 'event', hash_row::text, count(*) from tenant.event group by 2 order by 1, 2";

TEST_F(Regroup, AMergeMovesPointersAndSumsUp) {
  StoreTwoIssues();
  const std::string counters = db_.Dump(kCounters);
  auto merged = MergeIssues(session_, scope_, {Issue(2), Issue(1)}, now_);
  ASSERT_TRUE(merged) << merged.error().detail;
  EXPECT_EQ(merged->parent, Issue(1)) << "the one with most events";
  EXPECT_EQ(merged->children, std::vector<IssueId>{Issue(2)});
  EXPECT_EQ(Count(1), 5);
  EXPECT_EQ(
      db_.Dump("select status, merged_into, times_seen from tenant.issue where id = 1000000002"),
      "3|1000000001|2|\n");
  EXPECT_EQ(db_.Dump("select users_seen, title, last_event_id = (select event_id from tenant.event "
                     "order by received_at desc limit 1) from tenant.issue where id = 1000000001"),
            "3|ValueError: 2|t|\n")
      << "what the newest event says";
  EXPECT_EQ(db_.Dump(kCounters), counters) << "nothing but pointers moved";
  EXPECT_EQ(db_.Dump("select kind, details from tenant.activity"),
            "merge|{\"issues\": [{\"id\": \"1000000002\"}]}|\n");
  // Events of both hashes follow.
  Store({Of(6, 1), Of(7, 2)});
  EXPECT_EQ(Count(1), 7);
  EXPECT_EQ(Count(2), 2);
}

// The digest keeps the merged users of an issue of very many hash rows: not beyond a change of
// those.
TEST_F(Regroup, TheKeptSketchOfAWideIssueGoesWhenItsHashRowsChange) {
  StoreTwoIssues();
  db_.Rows(
      "insert into tenant.hash_user select project_id, -id, -1, '1970-01-01', '\\x01' from "
      "tenant.issue");
  ASSERT_TRUE(MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_));
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_user where hash_row = -1000000001"), 0);
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue where id = 1000000001"), 3);
}

TEST_F(Regroup, MergeThenUndoIsIdentity) {
  StoreTwoIssues();
  const std::string issues = db_.Dump(kIssues);
  const std::string rows = db_.Dump("select * from tenant.hash_row order by id");
  auto merged = MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_);
  ASSERT_TRUE(merged);
  EXPECT_NE(db_.Dump(kIssues), issues);
  auto undone = UndoRegroup(session_, scope_, ProjectId{1}, merged->log, faces_, now_);
  ASSERT_TRUE(undone) << undone.error().detail;
  EXPECT_EQ(db_.Dump("select * from tenant.hash_row order by id"), rows);
  auto again = UndoRegroup(session_, scope_, ProjectId{1}, merged->log, faces_, now_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, Reason::kConflict);
  // Only the title had to be read from the event again: issue 1 showed the other's.
  EXPECT_EQ(db_.Dump("select title from tenant.issue order by id"),
            "from payload 3|\nValueError: 2|\n");
  db_.Rows("update tenant.issue set title = 'ValueError: 1' where id = 1000000001");
  EXPECT_EQ(db_.Dump(kIssues), issues);
}

TEST_F(Regroup, MergeUnmergeMergeGivesTheSameCountersAndNoAliasJoinsAgain) {
  DigestEvent first = Of(1, 1), second = Of(2, 2), joined = Of(3, 3);
  for (DigestEvent* event : {&first, &joined}) event->alias = HashOf(100);
  Store({first, second, joined});
  ASSERT_EQ(Count(1), 2) << "3 joined 1 by its alias";
  ASSERT_TRUE(MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_));
  auto unmerged = UnmergeHashes(session_, scope_, Issue(1), {HashOf(3)}, faces_, now_);
  ASSERT_TRUE(unmerged) << unmerged.error().detail;
  EXPECT_EQ(unmerged->issue, Issue(3));
  EXPECT_EQ(Count(1), 2);
  EXPECT_EQ(Count(3), 1);
  EXPECT_EQ(db_.Dump("select kind, issue_id from tenant.activity where kind <> 'merge' order by 1"),
            "unmerge_destination|1000000003|\nunmerge_source|1000000001|\n");
  // Another edit of the line: the alias must not bring it back to issue 1.
  DigestEvent edited = Of(4, 4);
  edited.alias = HashOf(100);
  Store({edited, Of(5, 3)});
  EXPECT_EQ(Count(1), 2);
  EXPECT_EQ(Count(3), 2);
  EXPECT_EQ(Count(4), 1) << "an issue of its own";
  auto merged = MergeIssues(session_, scope_, {Issue(1), Issue(3)}, now_);
  ASSERT_TRUE(merged);
  EXPECT_EQ(Count(1), 4);
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, merged->log, faces_, now_));
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, unmerged->log, faces_, now_));
  EXPECT_EQ(Count(1), 3 + 1) << "all there was, and what came to 3 since";
  EXPECT_EQ(
      db_.Dump("select status, merged_into, times_seen from tenant.issue where id = 1000000003"),
      "3|1000000001|0|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row where no_alias"), 0);
}

TEST_F(Regroup, UnmergeRefusesWhatMakesNoSense) {
  StoreTwoIssues();
  for (const std::vector<Hash128>& hashes :
       {std::vector<Hash128>{}, {HashOf(1)}, {HashOf(2)}, {HashOf(77)}}) {
    auto refused = UnmergeHashes(session_, scope_, Issue(1), hashes, faces_, now_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::kInvalidArgument) << refused.error().detail;
  }
  EXPECT_EQ(UnmergeHashes(session_, scope_, Issue(9), {HashOf(1)}, faces_, now_).error().reason,
            Reason::kNotFound);
  EXPECT_EQ(MergeIssues(session_, scope_, {Issue(1)}, now_).error().reason,
            Reason::kInvalidArgument);
  EXPECT_EQ(MergeIssues(session_, scope_, {Issue(1), {2'000'000'001}}, now_).error().detail,
            "Merging across multiple projects is not supported");
  const Scope nobody(OrganizationId{2}, "other", UserId{}, {ProjectId{9}}, {});
  EXPECT_FALSE(MergeIssues(session_, nobody, {Issue(1), Issue(2)}, now_));
  EXPECT_EQ(DiscardIssues(session_, nobody, {Issue(1)}, now_)->issues.size(), 0u);
  EXPECT_EQ(db_.Number("select count(*) from tenant.grouping_log"), 0);
}

TEST_F(Regroup, ASplitByMessageKeepsTheMostFrequentTextAndOpensIssuesForTheOthers) {
  Store({Of(1, 1, 1), Of(2, 1, 1), Of(3, 1, 2), Of(4, 1, 1)});
  auto offers = ReadSplitOffers(session_, scope_, Issue(1));
  ASSERT_TRUE(offers);
  ASSERT_EQ(offers->size(), 1u);
  ASSERT_EQ(offers->front().texts.size(), 2u);
  EXPECT_EQ(offers->front().texts[0].message, HashOf(1001));
  EXPECT_EQ(offers->front().texts[0].events, 3);
  auto split = SplitByMessage(session_, scope_, Issue(1), {}, false, now_);
  ASSERT_TRUE(split) << split.error().detail;
  EXPECT_EQ(Count(1), 4) << "what was counted stays";
  Store({Of(5, 1, 1), Of(6, 1, 2), Of(7, 1, 3), Of(8, 1, 2)});
  EXPECT_EQ(Count(1), 5);
  EXPECT_EQ(Count(2), 2);
  EXPECT_EQ(Count(3), 1);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.issue where status < 3"), 8);
  EXPECT_FALSE(SplitByMessage(session_, scope_, Issue(1), {}, false, now_)) << "split already";

  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, split->log, faces_, now_));
  EXPECT_EQ(Count(1), 8);
  EXPECT_EQ(db_.Dump("select id, status, merged_into, times_seen from tenant.issue order by 1"),
            "1000000001|0||8|\n1000000002|3|1000000001|0|\n1000000003|3|1000000001|0|\n");
  Store({Of(9, 1, 3)});
  EXPECT_EQ(Count(1), 9) << "one issue again";

  // Once more: the texts that had a row go apart at once, with what was counted for them.
  ASSERT_TRUE(SplitByMessage(session_, scope_, Issue(1), {}, false, now_));
  EXPECT_EQ(db_.Dump("select id, times_seen from tenant.issue where status < 3 order by 1"),
            "1000000001|6|\n1000000004|2|\n1000000005|1|\n");
}

TEST_F(Regroup, TooManyTextsAreNoSplit) {
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 1; n <= 30; ++n) events.push_back(Of(n, 1, n));
  Store(events);
  auto refused = SplitByMessage(session_, scope_, Issue(1), {}, false, now_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kTooLarge);
  EXPECT_TRUE(SplitByMessage(session_, scope_, Issue(1), {}, true, now_));
}

TEST_F(Regroup, DiscardedHashesAreDroppedAndCounted) {
  StoreTwoIssues();
  auto discarded = DiscardIssues(session_, scope_, {Issue(1), Issue(7)}, now_);
  ASSERT_TRUE(discarded);
  ASSERT_EQ(discarded->issues, std::vector<IssueId>{Issue(1)});
  const DigestCommit commit = Store({Of(6, 1), Of(7, 2)});
  EXPECT_EQ(commit.discarded, 1u);
  EXPECT_EQ(commit.stored, 1u);
  EXPECT_EQ(db_.Dump("select outcome, reason, quantity from tenant.outcome where outcome = 1"),
            "1|discarded-hash|1|\n");
  EXPECT_EQ(db_.Dump("select id, status, times_seen from tenant.issue order by 1"),
            "1000000001|4|3|\n1000000002|0|3|\n");
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, discarded->logs.front(), faces_, now_));
  Store({Of(8, 1)});
  EXPECT_EQ(Count(1), 4);
  EXPECT_EQ(db_.Number("select status from tenant.issue where id = 1000000001"), 0);
}

TEST_F(Regroup, AnUndoThatWouldTearSomethingElseApartIsRefused) {
  Store({Of(1, 1), Of(2, 1), Of(3, 1), Of(4, 2), Of(5, 2), Of(6, 3)});
  auto first = MergeIssues(session_, scope_, {Issue(2), Issue(3)}, now_);
  ASSERT_TRUE(first);
  auto second = MergeIssues(session_, scope_, {Issue(1), Issue(2)}, now_);
  ASSERT_TRUE(second);
  EXPECT_EQ(db_.Dump("select id, merged_into from tenant.issue order by 1"),
            "1000000001||\n1000000002|1000000001|\n1000000003|1000000001|\n")
      << "redirects stay one step long";
  EXPECT_EQ(UndoRegroup(session_, scope_, ProjectId{1}, first->log, faces_, now_).error().reason,
            Reason::kConflict);
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, second->log, faces_, now_));
  ASSERT_TRUE(UndoRegroup(session_, scope_, ProjectId{1}, first->log, faces_, now_));
  EXPECT_EQ(db_.Dump("select id, merged_into, times_seen from tenant.issue order by 1"),
            "1000000001||3|\n1000000002||2|\n1000000003||1|\n");
  auto log = ReadRegroupLog(session_, scope_, ProjectId{1});
  ASSERT_TRUE(log);
  EXPECT_EQ(log->size(), 2u);
  EXPECT_TRUE(log->front().undone_at);
}

// Grouping 19: whatever is merged and undone in any order between any batches, the summaries are
// those of the hash rows.
TEST_F(Regroup, AnySeriesOfActionsLeavesEverySummaryRight) {
  std::mt19937 random(7);
  const auto pick = [&](std::uint64_t n) { return 1 + random() % n; };
  std::vector<std::string> logs;
  std::uint64_t next = 1;
  for (int round = 0; round < 60; ++round) {
    std::vector<DigestEvent> events;
    for (std::uint64_t i = 0; i < 4; ++i) events.push_back(Of(next++, pick(6), pick(3)));
    Store(std::move(events));
    const auto a = static_cast<std::int64_t>(pick(6)), b = static_cast<std::int64_t>(pick(6));
    switch (pick(4)) {
      case 1:
        if (auto done = MergeIssues(session_, scope_, {Issue(a), Issue(b)}, now_)) {
          logs.push_back(done->log);
        }
        break;
      case 2:
        if (auto done = UnmergeHashes(session_, scope_, Issue(a),
                                      {HashOf(static_cast<std::uint64_t>(b))}, faces_, now_)) {
          logs.push_back(done->log);
        }
        break;
      case 3:
        if (auto done = SplitByMessage(session_, scope_, Issue(a), {}, false, now_)) {
          logs.push_back(done->log);
        }
        break;
      default:
        if (!logs.empty()) {
          (void)UndoRegroup(session_, scope_, ProjectId{1}, logs[random() % logs.size()], faces_,
                            now_);
        }
    }
  }
  EXPECT_EQ(
      db_.Dump("select i.id from tenant.issue i join (select issue_id, max(last_seen) as last, "
               "min(first_seen) as first from tenant.hash_row where times_seen > 0 group by 1) h "
               "on h.issue_id = i.id where i.status < 3 and (i.last_seen <> h.last or i.first_seen "
               "<> h.first)"),
      "");
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.issue where status < 3"), 240);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row h join tenant.issue i on i.id = "
                       "h.issue_id where i.status >= 3"),
            0)
      << "no hash row leads to an issue that is gone";
  EXPECT_GT(logs.size(), 10u);
}

}  // namespace
}  // namespace mishap
