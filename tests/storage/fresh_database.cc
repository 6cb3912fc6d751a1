#include "tests/storage/fresh_database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include "storage/migrate.h"
#include "tests/storage/postgres_cluster.h"

namespace mishap {
namespace {

std::vector<std::vector<std::string>> Query(const std::string& conninfo, const std::string& sql) {
  std::unique_ptr<PGconn, decltype(&PQfinish)> conn(PQconnectdb(conninfo.c_str()), PQfinish);
  PQsetNoticeProcessor(
      conn.get(), [](void*, const char*) {}, nullptr);
  PQclear(PQexec(conn.get(), "set timezone = 'UTC'"));
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(conn.get(), sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(std::string(PQerrorMessage(conn.get())) + " in " + sql);
  }
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < PQntuples(result.get()); ++i) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int j = 0; j < PQnfields(result.get()); ++j)
      row.emplace_back(PQgetvalue(result.get(), i, j));
  }
  return rows;
}

std::string Template() {
  static const std::string kName = [] {
    std::string made = "mishap_template_" + std::to_string(getpid());
    PostgresCluster& cluster = PostgresCluster::Get();
    Query(cluster.ConnInfo("postgres"), "create database " + made);
    if (auto report = Migrate(cluster.ConnInfo(made)); !report) {
      throw std::runtime_error("migrating the template: " + report.error().detail);
    }
    return made;
  }();
  return kName;
}

}  // namespace

FreshDatabase::FreshDatabase(Content content) {
  static int count = 0;
  PostgresCluster& cluster = PostgresCluster::Get();
  const std::string source = content == Content::kMigrated ? Template() : "template0";
  name_ = "mishap_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  Query(cluster.ConnInfo("postgres"), "create database " + name_ + " template " + source);
  conninfo_ = cluster.ConnInfo(name_);
}

FreshDatabase::~FreshDatabase() {
  try {
    Query(PostgresCluster::Get().ConnInfo("postgres"), "drop database " + name_ + " with (force)");
  } catch (const std::exception&) {  // the server may be gone: then so is the database
  }
}

std::vector<std::vector<std::string>> FreshDatabase::Rows(const std::string& sql) const {
  return Query(conninfo_, sql);
}

std::string FreshDatabase::Value(const std::string& sql) const {
  auto rows = Rows(sql);
  if (rows.size() != 1 || rows[0].size() != 1) throw std::runtime_error("not one value: " + sql);
  return rows[0][0];
}

std::string FreshDatabase::Dump(const std::string& sql) const {
  std::string out;
  for (const auto& row : Rows(sql)) {
    for (const std::string& value : row) out += value + "|";
    out += "\n";
  }
  return out;
}

}  // namespace mishap
