#include "storage/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(NamedSql, SplitsAFileByItsNames) {
  const auto parsed = ParseNamedSql(
      "-- a file\n-- name: one\n-- why\nselect 1;\n\n-- name: two\nselect\n  ';' -- kept\n");
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_THAT(*parsed, ElementsAre(Pair("one", "select 1"), Pair("two", "select\n  ';' -- kept")));
}

TEST(NamedSql, RefusesWhatCannotBeMeant) {
  for (const char* bad : {"select 1\n", "-- name: a\nselect 1\n-- name: a\nselect 2\n",
                          "-- name: a\n\n-- name: b\nselect 1\n", "-- name:\nselect 1\n"}) {
    EXPECT_FALSE(ParseNamedSql(bad)) << bad;
  }
}

TEST(NamedSql, TheEmbeddedFilesAreFound) {
  EXPECT_NE(Sql("migration_list").find("control.migration"), std::string_view::npos);
  EXPECT_GT(SqlNames().size(), 10u);
}

TEST(NamedSqlDeathTest, AnUnknownNameEndsTheProcessAndSaysIt) {
  EXPECT_DEATH(Sql("no_such_statement"), "no_such_statement");
}

}  // namespace
}  // namespace mishap
