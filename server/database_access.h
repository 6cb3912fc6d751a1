// How a command reaches the database: the given URL, the private PostgreSQL of a running server, or
// one started for the length of the command.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "server/command.h"
#include "server/data_dir.h"
#include "server/embedded_postgres.h"
#include "storage/connection.h"

namespace mishap {

class DatabaseAccess {
 public:
  // For a command that works with what is stored: nothing is made on the way. Errors: not_found
  // (there is no private PostgreSQL, or no schema in the database), unavailable, conflict (the
  // private PostgreSQL is just starting or stopping).
  static Result<DatabaseAccess> Open(const CommandContext& context);
  // For `mishap migrate`: makes the private PostgreSQL if there is none, and asks for no schema.
  static Result<DatabaseAccess> OpenUnmigrated(const CommandContext& context);

  const std::string& Conninfo() const { return conninfo_; }
  Session& Use() { return *session_; }

 private:
  DatabaseAccess() = default;

  std::optional<DataDirLock> lock_;
  std::unique_ptr<EmbeddedPostgres> postgres_;
  std::string conninfo_;
  std::unique_ptr<Session> session_;
};

}  // namespace mishap
