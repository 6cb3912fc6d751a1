#include "storage/pq_session.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "storage/sql.h"

namespace mishap {
namespace {

constexpr int kCopyChunkBytes = 1 << 20;

// A stopped peer must not block the others (decisions 1.8). Every statement of a batch looks rows
// up by key, so plans are nailed to that: a fresh partition without statistics must never turn one
// into a scan.
constexpr const char* kSettings =
    "set timezone = 'UTC'; set client_encoding = 'UTF8'; set client_min_messages = warning;"
    "set statement_timeout = '60s';"
    "set idle_in_transaction_session_timeout = '10s'; set synchronous_commit = on;"
    "set default_transaction_isolation = 'read committed';"
    "set jit = off; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = "
    "off;"
    "set plan_cache_mode = force_generic_plan";

}  // namespace

std::int64_t PqRows::Affected() const {
  return std::atoll(PQcmdTuples(result_.get()));
}

PqSession::PqSession(const std::string& conninfo, int lock_timeout_ms)
    : connection_(nullptr, PQfinish) {
  // Ours come first: what the connection string says wins.
  const char* keys[] = {"connect_timeout", "tcp_user_timeout", "application_name", "dbname",
                        nullptr};
  const char* values[] = {"5", "10000", "mishap digest", conninfo.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) Throw(nullptr);
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  Execute(kSettings);
  Execute(("set lock_timeout = " + std::to_string(lock_timeout_ms)).c_str());
}

void PqSession::Throw(const PGresult* result) const {
  SqlFailure failure;
  if (result != nullptr) {
    if (const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE)) failure.sqlstate = state;
    failure.detail = TrimAscii(PQresultErrorMessage(result));
    if (const char* detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL)) {
      failure.detail += std::string(" / ") + detail;
    }
    if (const char* name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME)) {
      failure.constraint = name;
    }
  }
  if (failure.detail.empty()) failure.detail = TrimAscii(PQerrorMessage(connection_.get()));
  throw failure;
}

void PqSession::Execute(const char* sql) {
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) Throw(result.get());
}

void PqSession::Prepare(std::string_view name) {
  if (prepared_.contains(name)) return;
  const std::string text(name);
  std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQprepare(connection_.get(), text.c_str(), std::string(Sql(name)).c_str(), 0, nullptr),
      PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) Throw(result.get());
  prepared_.insert(text);
}

PqRows PqSession::Run(std::string_view name, const PqParams& params) {
  Prepare(name);
  const std::size_t count = params.Values().size();
  std::vector<const char*> values(count);
  std::vector<int> lengths(count);
  const std::vector<int> formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = params.Values()[i].data();
    lengths[i] = static_cast<int>(params.Values()[i].size());
  }
  PGresult* result =
      PQexecPrepared(connection_.get(), std::string(name).c_str(), static_cast<int>(count),
                     values.data(), lengths.data(), formats.data(), 1);
  PqRows rows(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) Throw(result);
  return rows;
}

void PqSession::Copy(std::string_view name, std::string_view rows) {
  PGconn* connection = connection_.get();
  std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexec(connection, std::string(Sql(name)).c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COPY_IN) Throw(result.get());
  bool sent = true;
  while (sent && !rows.empty()) {
    const auto size = std::min<std::size_t>(rows.size(), kCopyChunkBytes);
    sent = PQputCopyData(connection, rows.data(), static_cast<int>(size)) == 1;
    rows.remove_prefix(size);
  }
  if (sent) sent = PQputCopyEnd(connection, nullptr) == 1;
  if (!sent) Throw(nullptr);
  // The server's answer, then a null that ends the command.
  result.reset(PQgetResult(connection));
  std::unique_ptr<PGresult, decltype(&PQclear)> end(PQgetResult(connection), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) Throw(result.get());
}

bool PqSession::Rollback() noexcept {
  if (PQstatus(connection_.get()) != CONNECTION_OK) return false;
  PQclear(PQexec(connection_.get(), "rollback"));
  return PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

CopyRows::CopyRows() : bytes_("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19) {}

std::string CopyRows::Finish() && {
  AppendBigEndian(bytes_, std::int16_t{-1});
  return std::move(bytes_);
}

}  // namespace mishap
