// Migrating: once, again, half-way, too new, changed, two processes at a time.
#include "storage/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/storage/fresh_database.h"

namespace mishap {
namespace {

using ::testing::HasSubstr;

TEST(Migrate, BringsAnEmptyDatabaseUpAndTheSecondTimeDoesNothing) {
  FreshDatabase db(FreshDatabase::Content::kEmpty);
  auto before = MigrationStatus(db.ConnInfo());
  ASSERT_TRUE(before) << before.error().detail;
  ASSERT_FALSE(before->migrations.empty());
  EXPECT_FALSE(before->migrations[0].applied);
  EXPECT_EQ(db.Value("select to_regclass('control.migration') is null"), "t")
      << "status must not write";

  auto first = Migrate(db.ConnInfo());
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->applied_now, static_cast<int>(first->migrations.size()));
  EXPECT_TRUE(first->trigram_search);
  auto second = Migrate(db.ConnInfo());
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_EQ(second->applied_now, 0);
  EXPECT_EQ(second->migrations[0].name, "initial");
  EXPECT_TRUE(second->migrations[0].applied);
  EXPECT_GT(second->migrations[0].applied_at.micros, 0);
}

TEST(Migrate, RefusesADatabaseFromTheFuture) {
  FreshDatabase db;
  db.Rows("insert into control.migration (version, name, checksum) values (9999, 'later', 'x')");
  auto report = Migrate(db.ConnInfo());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, Reason::kConflict);
  EXPECT_THAT(report.error().detail, HasSubstr("newer than this program"));
  EXPECT_THAT(report.error().detail, HasSubstr("9999"));
  EXPECT_FALSE(MigrationStatus(db.ConnInfo()));
}

TEST(Migrate, RefusesAFileThatChangedAfterItWasApplied) {
  FreshDatabase db;
  db.Rows("update control.migration set checksum = 'other' where version = 1");
  auto report = Migrate(db.ConnInfo());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().detail, HasSubstr("different file"));
}

TEST(Migrate, TwoProcessesAtOnceApplyEachFileOnce) {
  FreshDatabase db(FreshDatabase::Content::kEmpty);
  int applied[2] = {-1, -1};
  auto run = [&](int i) {
    if (auto report = Migrate(db.ConnInfo())) applied[i] = report->applied_now;
  };
  std::thread other(run, 0);
  run(1);
  other.join();
  EXPECT_GE(applied[0], 0);
  EXPECT_GE(applied[1], 0);
  EXPECT_EQ(applied[0] + applied[1], db.Number("select count(*) from control.migration"));
}

TEST(Migrate, AFailingFileLeavesNothingBehind) {
  FreshDatabase db(FreshDatabase::Content::kEmpty);
  db.Rows("create schema tenant");  // the first file makes it and fails on this one
  auto report = Migrate(db.ConnInfo());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().detail, HasSubstr("migration 1 (initial) failed"));
  EXPECT_EQ(db.Value("select to_regclass('control.organization') is null"), "t");
}

TEST(Migrate, SaysWhenThereIsNoServer) {
  auto report = Migrate("host=/nonexistent dbname=x");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, Reason::kUnavailable);
}

}  // namespace
}  // namespace mishap
