// LockHolder: another client that sits in a transaction, for tests of waiting.
#pragma once

#include <libpq-fe.h>

#include <stdexcept>
#include <string>

namespace mishap {

class LockHolder {
 public:
  // Runs `sql` in a transaction that stays open until this object ends.
  LockHolder(const std::string& conninfo, const std::string& sql)
      : connection_(PQconnectdb(conninfo.c_str())) {
    PGresult* result = PQexec(connection_, ("begin; " + sql).c_str());
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(PQerrorMessage(connection_));
    }
  }
  ~LockHolder() { PQfinish(connection_); }
  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;

 private:
  PGconn* connection_;
};

}  // namespace mishap
