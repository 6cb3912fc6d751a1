// Sessions and the reader pool against a server that goes away, waits and refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/directory_store.h"
#include "storage/organization_store.h"
#include "storage/reader_pool.h"
#include "tests/storage/fresh_database.h"
#include "tests/storage/lock_holder.h"

namespace mishap {
namespace {

Session SessionOn(const FreshDatabase& db) {
  return Session(ConnectionSettings{.conninfo = db.ConnInfo()});
}

TEST(Session, FailsOnceWhenItsBackendWasEndedAndThenWorksAgain) {
  FreshDatabase db;
  Session session = SessionOn(db);
  ASSERT_TRUE(DirectoryVersion(session));
  db.Rows(
      "select pg_terminate_backend(pid) from pg_stat_activity "
      "where application_name = 'mishap' and datname = current_database()");
  auto broken = DirectoryVersion(session);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().reason, Reason::kUnavailable) << broken.error().detail;
  auto again = DirectoryVersion(session);
  ASSERT_TRUE(again) << again.error().detail;
  // The fresh connection has the room's settings too.
  EXPECT_EQ(db.Number("select count(*) from pg_stat_activity where application_name = 'mishap' "
                      "and datname = current_database()"),
            1);
}

TEST(Session, GivesUpOnALockAfterItsTimeout) {
  FreshDatabase db;
  Session waiter(ConnectionSettings{.conninfo = db.ConnInfo(), .lock_timeout_ms = 50});
  LockHolder holder(db.ConnInfo(), "lock table control.organization in exclusive mode");
  auto made = CreateOrganization(waiter, "acme", "Acme");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::kUnavailable) << made.error().detail;
}

TEST(ReaderPool, SaysOverloadedWhenAllSessionsAreOut) {
  FreshDatabase db;
  ReaderPool pool(ConnectionSettings{.conninfo = db.ConnInfo()}, 1, std::chrono::milliseconds(1));
  {
    auto lease = pool.Acquire();
    ASSERT_TRUE(lease);
    EXPECT_TRUE(DirectoryVersion(**lease));
    auto second = pool.Acquire();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, Reason::kOverloaded);
  }
  EXPECT_TRUE(pool.Acquire());
}

}  // namespace
}  // namespace mishap
