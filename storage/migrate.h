// Brings a database to this binary's schema: storage/migrations/NNNN_name.sql, forward only, each
// in a transaction of its own, one process at a time (advisory lock). Applied files are remembered
// with a checksum in control.migration.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mishap {

struct MigrationState {
  int version = 0;
  std::string name;  // "initial"
  bool applied = false;
  Timestamp applied_at;  // 0 when not applied
};

struct MigrationReport {
  std::vector<MigrationState>
      migrations;       // by version: all this binary knows, then those only the database knows
  int applied_now = 0;  // by this call
  bool trigram_search = false;  // pg_trgm and its index are there; else text search reads every row
};

// Oldest server this schema runs on.
inline constexpr int kPostgresVersionMin = 150000;

// Errors: unavailable (not reachable, or another process migrates for more than a minute), conflict
// (the database is newer than this binary, or a file that was applied has changed since),
// invalid_argument (PostgreSQL too old).
Result<MigrationReport> Migrate(const std::string& conninfo);

// Changes nothing. Same errors.
Result<MigrationReport> MigrationStatus(const std::string& conninfo);

}  // namespace mishap
