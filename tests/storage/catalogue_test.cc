// Ready to be sharded (house 4, decisions 2.1): what pg_catalog says about schema tenant, without
// exceptions.
#include <gtest/gtest.h>

#include "storage/sql.h"
#include "tests/storage/fresh_database.h"

namespace mishap {
namespace {

TEST(Catalogue, EveryUniqueIndexOfTenantStartsWithProjectId) {
  FreshDatabase db;
  db.Rows("select tenant.ensure_day('2026-05-01')");
  EXPECT_GT(db.Number("select count(*) from pg_index i join pg_class c on c.oid = i.indrelid "
                      "where i.indisunique and c.relnamespace = 'tenant'::regnamespace"),
            15);
  EXPECT_EQ(
      db.Dump("select i.indexrelid::regclass from pg_index i join pg_class c on c.oid = i.indrelid "
              "left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] "
              "where i.indisunique and c.relnamespace = 'tenant'::regnamespace "
              "and a.attname is distinct from 'project_id'"),
      "");
}

TEST(Catalogue, EveryTableOfTenantHasAPrimaryKeyAndProjectId) {
  FreshDatabase db;
  EXPECT_EQ(
      db.Dump("select c.relname from pg_class c where c.relnamespace = 'tenant'::regnamespace "
              "and c.relkind in ('r', 'p') and not exists (select from pg_index i "
              "where i.indrelid = c.oid and i.indisprimary)"),
      "");
}

TEST(Catalogue, TenantHasNoSequencesAndNoForeignKeys) {
  FreshDatabase db;
  EXPECT_EQ(db.Dump("select relname from pg_class where relkind = 'S' "
                    "and relnamespace = 'tenant'::regnamespace"),
            "");
  // A foreign key out of tenant, or into it, would tie a shard to another database.
  EXPECT_EQ(db.Dump("select k.conname from pg_constraint k join pg_class a on a.oid = k.conrelid "
                    "join pg_class b on b.oid = k.confrelid where k.contype = 'f' "
                    "and 'tenant'::regnamespace in (a.relnamespace, b.relnamespace)"),
            "");
}

TEST(Catalogue, ControlAndTenantAreTheOnlySchemas) {
  FreshDatabase db;
  EXPECT_EQ(db.Dump("select distinct relnamespace::regnamespace from pg_class "
                    "where relkind in ('r', 'p') and relnamespace::regnamespace::text "
                    "not in ('pg_catalog', 'information_schema', 'pg_toast', 'control', 'tenant')"),
            "");
}

TEST(Catalogue, IssueIdsFitAJavaScriptNumber) {
  FreshDatabase db;
  EXPECT_EQ(db.Value("select (max(seqmax) + 1) * 1000000000 <= 9007199254740992 from pg_sequence "
                     "where seqrelid = 'control.project_id_seq'::regclass"),
            "t");
}

// The lint of reliability-security 3.3 (4): every query on a tenant table carries project_id.
// Fleet-wide jobs, which no request can reach, are named here.
TEST(Catalogue, EveryTenantQueryCarriesProjectId) {
  const std::vector<std::string_view> jobs = {"dead_letter_list", "dead_letter_delete",
                                              "digest_ensure_day"};
  int seen = 0;
  for (std::string_view name : SqlNames()) {
    const std::string_view sql = Sql(name);
    if (sql.find("tenant.") == std::string_view::npos || name.starts_with("partition_") ||
        name.starts_with("dedupe_") || name.starts_with("migration_") ||
        std::find(jobs.begin(), jobs.end(), name) != jobs.end()) {
      continue;
    }
    ++seen;
    EXPECT_NE(sql.find("project_id"), std::string_view::npos) << name;
  }
  EXPECT_GT(seen, 5);
}

// Search puts its statements together from fragments: a fragment has {placeholders} or does not
// begin with a verb.
bool IsWhole(std::string_view sql) {
  if (sql.find('{') != std::string_view::npos) return false;
  for (std::string_view verb : {"select", "insert", "update", "delete", "with"}) {
    if (sql.starts_with(verb)) return true;
  }
  return false;
}

TEST(Catalogue, EveryWholeStatementCanBePrepared) {
  FreshDatabase db;
  for (std::string_view name : SqlNames()) {
    if (!IsWhole(Sql(name))) continue;
    EXPECT_NO_THROW(db.Rows("prepare s as " + std::string(Sql(name)))) << name;
  }
}

}  // namespace
}  // namespace mishap
