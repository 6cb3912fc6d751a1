// Versions of grouping (grouping 15): a switch of the algorithm or of a project's rules keeps every
// issue whole, by the transition and by the backfill; and rules do what they say at once.
#include "jobs/grouping_backfill.h"
#include "storage/regroup/regroup.h"
#include "tests/storage/toy_grouping.h"

namespace mishap {
namespace {

GroupingSetup Toy() {
  GroupingSetup setup;
  setup.algorithm = "g0";
  return setup;
}
GroupingSetup Rules(std::string stack, std::string fingerprint) {
  GroupingSetup setup;
  setup.stack_trace_rules = std::move(stack);
  setup.fingerprint_rules = std::move(fingerprint);
  return setup;
}

TEST_F(VersionTest, ASwitchOfTheAlgorithmOpensNoIssueInTheTransition) {
  Change(Toy(), 0);
  Store({Error(1, "ValueError", "total"), Error(2, "ValueError", "place"),
         Error(3, "KeyError", "total")});
  ASSERT_EQ(Issues(), "1|ValueError: broken|2|\n2|KeyError: broken|1|\n");
  Change(GroupingSetup());  // g1 tells the two ValueErrors apart
  const DigestCommit commit =
      Store({Error(4, "ValueError", "total"), Error(5, "ValueError", "place"),
             Error(6, "ValueError", "checkout"), Error(7, "KeyError", "total")});
  EXPECT_EQ(commit.new_issues, 0u);
  EXPECT_EQ(Issues(), "1|ValueError: broken|5|\n2|KeyError: broken|2|\n");
  EXPECT_EQ(db_.Dump("select distinct origin from tenant.hash_row where algorithm = 1"), "2|\n");
  // What was never seen is new all the same.
  EXPECT_EQ(Store({Error(8, "TypeError", "total")}).new_issues, 1u);
}

TEST_F(VersionTest, AfterTheTransitionKnownKeysStayAndUnknownOnesAreNew) {
  Change(Toy(), 0);
  Store({Error(1, "ValueError", "total"), Error(2, "ValueError", "place")});
  Change(GroupingSetup());
  Store({Error(3, "ValueError", "total")});
  db_.Rows("update control.project_grouping set transition_until = now() - interval '1 second'");
  db_.Rows("update control.directory_version set version = version + 1");
  Refresh();
  Store({Error(4, "ValueError", "total"), Error(5, "ValueError", "place")});
  EXPECT_EQ(Issues(), "1|ValueError: broken|4|\n2|ValueError: broken|1|\n")
      << "total was carried over in time, place was not";
}

TEST_F(VersionTest, TheBackfillServesWhatTheTransitionNeverSaw) {
  Change(Toy(), 0);
  Store({Error(1, "ValueError", "total"), Error(2, "KeyError", "place")});
  Change(GroupingSetup());
  ASSERT_TRUE(BackfillGroupings(session_, FindToy));
  EXPECT_EQ(db_.Number("select count(*) from control.project_grouping where version = 2 and "
                       "backfilled_at is not null"),
            1);
  db_.Rows("update control.project_grouping set transition_until = now() - interval '1 second'");
  db_.Rows("update control.directory_version set version = version + 1");
  Refresh();
  const DigestCommit commit =
      Store({Error(3, "ValueError", "total"), Error(4, "KeyError", "place")});
  EXPECT_EQ(commit.new_issues, 0u);
  EXPECT_EQ(Issues(), "1|ValueError: broken|2|\n2|KeyError: broken|2|\n");
  ASSERT_TRUE(BackfillGroupings(session_, FindToy)) << "nothing to do is fine";
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row where algorithm = 1 and kind = 1"), 2);
}

TEST_F(VersionTest, WhatPeopleDidSurvivesASwitch) {
  Change(Toy(), 0);
  Store({Error(1, "ValueError", "total"), Error(2, "KeyError", "total"),
         Error(3, "TypeError", "total")});
  const auto issue = [&](std::int64_t n) { return MakeIssueId(project_, n); };
  ASSERT_TRUE(MergeIssues(session_, InScope(), {issue(1), issue(2)}, Noon()));
  ASSERT_TRUE(DiscardIssues(session_, InScope(), {issue(3)}, Noon()));
  Change(GroupingSetup());
  const DigestCommit commit =
      Store({Error(4, "ValueError", "total"), Error(5, "KeyError", "total"),
             Error(6, "TypeError", "total"), Error(7, "TypeError", "place")});
  EXPECT_EQ(commit.new_issues, 0u);
  EXPECT_EQ(commit.discarded, 2u) << "discarded stays discarded";
  EXPECT_EQ(db_.Dump("select id % 1000, times_seen from tenant.issue where status < 3"), "1|4|\n");
}

// After a switch an error has a hash under each version. Taking it out of an issue takes both.
TEST_F(VersionTest, AnUnmergeTakesWhatAnErrorWasCalledBefore) {
  Change(Toy(), 0);
  Store({Error(1, "ValueError", "total"), Error(2, "KeyError", "total")});
  const IssueId first = MakeIssueId(project_, 1), second = MakeIssueId(project_, 2);
  ASSERT_TRUE(MergeIssues(session_, InScope(), {first, second}, Noon()));
  Change(GroupingSetup());
  Store({Error(3, "ValueError", "total"), Error(4, "KeyError", "total")});
  ASSERT_EQ(Issues(), "1|KeyError: broken|4|\n");
  const auto hash_of = [&](int algorithm, std::int64_t event) {
    auto text = db_.Value(
        "select encode(h.hash, 'hex') from tenant.hash_row h where h.kind = 1 and h.algorithm = " +
        std::to_string(algorithm) + " order by h.id offset " + std::to_string(event) + " limit 1");
    Hash128 hash;
    hash.bytes = *ParseHex128(text);
    return hash;
  };
  const int toy = static_cast<int>(
      db_.Number("select min(algorithm) from tenant.hash_row where algorithm <> 1"));
  const FaceReader faces = [](ProjectId, std::string) { return std::optional<IssueFace>(); };
  for (const int algorithm : {1, toy}) {  // by its new name, and by its old one
    const Hash128 named = hash_of(algorithm, 1);
    const Hash128 other = hash_of(algorithm == 1 ? toy : 1, 1);
    auto unmerged = UnmergeHashes(session_, InScope(), first, {named}, faces, Noon());
    ASSERT_TRUE(unmerged) << unmerged.error().detail;
    EXPECT_EQ(unmerged->siblings, std::vector<Hash128>{other});
    EXPECT_EQ(db_.Dump("select times_seen from tenant.issue where status < 3 order by id"),
              "2|\n2|\n");
    ASSERT_TRUE(UndoRegroup(session_, InScope(), project_, unmerged->log, faces, Noon()));
    EXPECT_EQ(db_.Dump("select times_seen from tenant.issue where status < 3"), "4|\n");
  }
  // Both of the other error's names as well: nothing would stay.
  EXPECT_FALSE(
      UnmergeHashes(session_, InScope(), first, {hash_of(1, 0), hash_of(toy, 1)}, faces, Noon()));
}

TEST_F(VersionTest, AFingerprintRuleNamesAGroupAndItsTitleAtOnce) {
  Store({Error(1, "ValueError", "total", "no stock"), Error(2, "ValueError", "place", "no money")});
  ASSERT_EQ(db_.Number("select count(*) from tenant.issue"), 2);
  Change(Rules("", "error.type:ValueError -> shop title=\"Shop: {{ error.type }}\""));
  Store({Error(3, "ValueError", "total", "no stock"), Error(4, "ValueError", "place", "no money")});
  EXPECT_EQ(db_.Dump("select id % 1000, title, metadata->>'title', times_seen from tenant.issue "
                     "order by id"),
            "1|ValueError: no stock||1|\n2|ValueError: no money||1|\n"
            "3|Shop: ValueError|Shop: ValueError|2|\n");
  // Gone again: the old issues go on.
  Change(Rules("", ""));
  Store({Error(5, "ValueError", "total", "no stock")});
  EXPECT_EQ(db_.Number("select times_seen from tenant.issue where id % 1000 = 1"), 2);
}

TEST_F(VersionTest, AStackRuleKeepsAnIssueForOneHeirAndTellsTheOthersApart) {
  // Until now all of these are one: only `checkout` counts.
  Change(Rules("function:*_step -group", ""), 0);
  Store({Error(1, "ValueError", "a_step", "one"), Error(2, "ValueError", "b_step", "one")});
  const long issues = db_.Number("select count(*) from tenant.issue");
  Change(Rules("", ""));
  const DigestCommit commit =
      Store({Error(3, "ValueError", "a_step", "one"), Error(4, "ValueError", "b_step", "one"),
             Error(5, "ValueError", "a_step", "one")});
  EXPECT_EQ(issues, 1);
  EXPECT_EQ(commit.new_issues, 1u);
  EXPECT_EQ(db_.Dump("select id % 1000, times_seen from tenant.issue order by id"), "1|4|\n2|1|\n");
}

TEST_F(VersionTest, ASplitStaysSplitUnderOtherRules) {
  Store({Error(1, "ValueError", "total", "out of stock"),
         Error(2, "ValueError", "total", "out of stock")});
  ASSERT_TRUE(SplitByMessage(session_, InScope(), MakeIssueId(project_, 1), {}, false, Noon()));
  Store({Error(3, "ValueError", "total", "card refused")});
  ASSERT_EQ(Issues(), "1|ValueError: out of stock|2|\n2|ValueError: card refused|1|\n");
  Change(Rules("function:checkout -group", ""));  // other keys for all of them
  const DigestCommit commit = Store({Error(4, "ValueError", "total", "out of stock"),
                                     Error(5, "ValueError", "total", "card refused")});
  EXPECT_EQ(commit.new_issues, 0u);
  EXPECT_EQ(Issues(), "1|ValueError: out of stock|3|\n2|ValueError: card refused|2|\n");
}

TEST_F(VersionTest, ABadStoredRuleNeverStopsTheDigest) {
  Change(Rules("", "error.type:ValueError -> shop"), 0);
  Store({Error(1, "ValueError", "total")});
  db_.Rows(
      "update control.project_grouping set version = 2, fingerprint_rules = 'error.typ:x -> '");
  db_.Rows("update control.directory_version set version = version + 1");
  // The same process: what was good before goes on.
  directory_.current = std::make_shared<const DirectorySnapshot>(LoadDirectory(session_).value());
  EXPECT_EQ(Store({Error(2, "ValueError", "place")}).new_issues, 0u);
  // A new process: no rules.
  Refresh();
  EXPECT_EQ(Store({Error(3, "ValueError", "place")}).stored, 1u);
}

TEST_F(VersionTest, TwoChangesOfOneVersionAreAConflict) {
  GroupingSetup setup;
  setup.version = 0;
  setup.stack_trace_rules = "function:a -app";
  const AuditBy by{{}, "mara@example.com", "127.0.0.1", Noon()};
  ASSERT_TRUE(ChangeProjectGrouping(session_, by, InScope(), project_, setup, Noon()));
  auto second = ChangeProjectGrouping(session_, by, InScope(), project_, setup, Noon());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kConflict);
}

// Grouping 14.3: a flood of distinct hashes cannot make unbounded issues, and nothing is lost.
TEST_F(VersionTest, TheBurstGuardPutsAFloodIntoOneIssueThatCanBeTakenApart) {
  DigestWriterOptions options;
  options.issues = {.new_issues_burst = 5, .new_issues_per_minute = 1};
  writer_ = NewWriter(options);
  Refresh();
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 1; n <= 40; ++n) {
    events.push_back(Error(n, "ValueError", "f" + std::string(n, 'x')));
  }
  const DigestCommit commit = Store(std::move(events));
  EXPECT_EQ(commit.new_issues, 6u) << "five and the flood";
  EXPECT_EQ(commit.flooded, 35u);
  EXPECT_EQ(commit.stored, 40u);
  EXPECT_EQ(db_.Dump("select title, times_seen from tenant.issue where is_flood"),
            "Issue flood: too many new issues at once|35|\n");
  EXPECT_EQ(Store({Error(41, "KeyError", "g"), Error(42, "ValueError", "fx")}).new_issues, 0u);
  EXPECT_EQ(db_.Dump("select title, times_seen from tenant.issue where is_flood"),
            "Issue flood: too many new issues at once|36|\n");
  // A minute later there is credit again.
  db_.Rows("update tenant.project_counter set issue_credit_at = now() - interval '90 seconds'");
  EXPECT_EQ(Store({Error(43, "TypeError", "g")}).new_issues, 1u);

  const FaceReader faces = [](ProjectId, const std::string&) { return std::optional<IssueFace>(); };
  const IssueId flood{db_.Number("select id from tenant.issue where is_flood")};
  auto released = ReleaseFlood(session_, InScope(), flood, faces, Noon());
  ASSERT_TRUE(released) << released.error().detail;
  EXPECT_EQ(released->issues.size(), 36u);
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where status < 3 and times_seen > 0"),
            5 + 1 + 36);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.issue where status < 3"), 43);
  ASSERT_TRUE(UndoRegroup(session_, InScope(), project_, released->log, faces, Noon()));
  EXPECT_EQ(db_.Number("select times_seen from tenant.issue where is_flood"), 36);
}

}  // namespace
}  // namespace mishap
