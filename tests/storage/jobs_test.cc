// What the leased jobs use: leases, partitions, dedupe generations, outbox, dead letters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dead_letter_store.h"
#include "storage/dedupe_rotation.h"
#include "storage/lease_store.h"
#include "storage/outbox_store.h"
#include "storage/partitions.h"
#include "tests/storage/fresh_database.h"
#include "tests/storage/lock_holder.h"

namespace mishap {
namespace {

class Jobs : public ::testing::Test {
 protected:
  FreshDatabase db_;
  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo(), .lock_timeout_ms = 100}};
};

TEST_F(Jobs, OneHolderAtATimeAndOnlyWhenDue) {
  EXPECT_TRUE(ClaimJob(session_, "retention", "a").value());
  EXPECT_FALSE(ClaimJob(session_, "retention", "b").value());
  EXPECT_TRUE(RenewJob(session_, "retention", "a").value());
  EXPECT_FALSE(RenewJob(session_, "retention", "b").value());
  db_.Rows("update control.job set lease_until = now() - interval '1 second'");
  EXPECT_FALSE(RenewJob(session_, "retention", "a").value()) << "a lease that ran out is lost";
  EXPECT_TRUE(ClaimJob(session_, "retention", "b").value());
  ASSERT_TRUE(FinishJob(session_, "retention", "a", 60, ""));  // late: changes nothing
  EXPECT_TRUE(RenewJob(session_, "retention", "b").value());
  ASSERT_TRUE(FinishJob(session_, "retention", "b", 60, "disk on fire"));
  EXPECT_FALSE(ClaimJob(session_, "retention", "a").value()) << "not due for a minute";
  EXPECT_EQ(db_.Value("select last_error from control.job"), "disk on fire");
}

TEST_F(Jobs, PartitionsAreMadeAheadOnceAndDroppedWhole) {
  EXPECT_EQ(EnsurePartitions(session_, 3).value(), 4);
  EXPECT_EQ(EnsurePartitions(session_, 3).value(), 0);
  db_.Rows("select tenant.ensure_day('2001-02-03'), tenant.ensure_day('2001-02-04')");
  EXPECT_EQ(ListPartitions(session_).value().size(), 6u);
  EXPECT_EQ(DropPartitionsBefore(session_, ParseTimestamp("2001-02-04T12:00:00Z").value()).value(),
            1);
  EXPECT_EQ(FormatTimestamp(ListPartitions(session_).value()[0]), "2001-02-04T00:00:00Z");
  EXPECT_EQ(db_.Number("select count(*) from pg_class where relname like 'event%20010203'"), 0);
}

TEST_F(Jobs, RetentionReckonsByTheDatabasesClock) {
  const std::string today = db_.Value("select to_char(now(), 'YYYY-MM-DD\"T00:00:00Z\"')");
  EXPECT_EQ(FormatTimestamp(OldestKept(session_, 0).value()), today);
  EXPECT_EQ(ParseTimestamp(today).value().micros - OldestKept(session_, 90).value().micros,
            90 * kMicrosPerDay);
}

// The database's clock was a year ahead, then somebody set it right.
TEST_F(Jobs, AClockThatWasSetBackStopsNothing) {
  ASSERT_TRUE(ClaimJob(session_, "retention", "a").value());
  db_.Rows(
      "update control.job set lease_until = now() + interval '1 year', "
      "next_run = now() + interval '1 year'");
  EXPECT_TRUE(ClaimJob(session_, "retention", "b").value());
  db_.Rows("update control.dedupe_generation set started_at = now() + interval '1 year'");
  EXPECT_EQ(RotateDedupe(session_).value(), 2);
  EXPECT_EQ(RotateDedupe(session_).value(), 2);
}

TEST_F(Jobs, ADropThatACrashCutInTwoIsFinished) {
  db_.Rows("select tenant.ensure_day('2001-02-03')");
  db_.Rows("alter table tenant.event detach partition tenant.event_20010203 concurrently");
  EXPECT_EQ(DropPartitionsBefore(session_, ParseTimestamp("2001-03-01T00:00:00Z").value()).value(),
            1);
  EXPECT_EQ(db_.Number("select count(*) from pg_class where relname like 'event%20010203'"), 0);
}

TEST_F(Jobs, DedupeRotatesOnceADayAndKeepsTwoGenerations) {
  EXPECT_EQ(RotateDedupe(session_).value(), 1) << "one day has not passed";
  for (int expected : {2, 3, 4}) {
    db_.Rows("update control.dedupe_generation set started_at = now() - interval '25 hours'");
    EXPECT_EQ(RotateDedupe(session_).value(), expected);
    EXPECT_EQ(RotateDedupe(session_).value(), expected);
  }
  EXPECT_EQ(db_.Dump("select inhrelid::regclass from pg_inherits "
                     "where inhparent = 'tenant.event_seen'::regclass order by 1"),
            "tenant.event_seen_3|\ntenant.event_seen_4|\n");
}

TEST_F(Jobs, RotationWaitsForABatchAndGivesUpInTime) {
  db_.Rows("update control.dedupe_generation set started_at = now() - interval '25 hours'");
  {
    LockHolder batch(db_.ConnInfo(),
                     "select pg_advisory_xact_lock_shared(hashtext('mishap dedupe'))");
    EXPECT_EQ(RotateDedupe(session_).error().reason, Reason::kUnavailable);
  }
  EXPECT_EQ(db_.Number("select generation from control.dedupe_generation"), 1);
}

TEST_F(Jobs, OutboxRowsAreClaimedOnceAndComeBackWhenNobodyDelivers) {
  db_.Rows(
      "insert into tenant.outbox (project_id, delivery_id, kind, issue_id) values "
      "(1, '00000000-0000-0000-0000-000000000001', 'issue_new', 1000000001)");
  Session other(session_.Settings());
  const auto first = ClaimOutbox(session_, 10, 60).value();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].kind, "issue_new");
  EXPECT_EQ(first[0].attempts, 1);
  EXPECT_TRUE(ClaimOutbox(other, 10, 60).value().empty());
  db_.Rows(
      "update tenant.outbox set next_attempt_at = now()");  // the claimer died, its time is over
  const auto second = ClaimOutbox(other, 10, 60).value();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].delivery, first[0].delivery);
  EXPECT_EQ(second[0].attempts, 2);
  ASSERT_TRUE(MarkFailed(other, second[0].project, second[0].delivery, "410 Gone", 0));
  ASSERT_EQ(ClaimOutbox(other, 10, 60).value().size(), 1u);
  ASSERT_TRUE(MarkDelivered(other, second[0].project, second[0].delivery));
  db_.Rows(
      "update tenant.outbox set next_attempt_at = now(), delivered_at = now() - interval '8 days'");
  EXPECT_TRUE(ClaimOutbox(other, 10, 60).value().empty());
  EXPECT_EQ(PurgeOutbox(other, 7, 100).value(), 1);
}

TEST_F(Jobs, DeadLettersAreListedShownAndTakenOut) {
  db_.Rows(
      "insert into tenant.dead_letter (project_id, spool_id, seq, type, reason, detail, payload) "
      "values "
      "(7, decode(repeat('ab', 16), 'hex'), 42, 1, 'crash', 'it aborted', '\\x00ff')");
  const auto all = ListDeadLetters(session_, 10).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].payload_bytes, 2u);
  EXPECT_EQ(ToHex(all[0].spool), std::string("abababababababababababababababab"));
  const auto one = ShowDeadLetter(session_, all[0].spool, 42).value();
  EXPECT_EQ(one.payload, std::string("\0\xff", 2));
  EXPECT_EQ(one.project, ProjectId{7});
  ASSERT_TRUE(DeleteDeadLetter(session_, one.spool, 42));
  EXPECT_EQ(DeleteDeadLetter(session_, one.spool, 42).error().reason, Reason::kNotFound);
}

}  // namespace
}  // namespace mishap
