// mishap migrate [--status].
#include <cstdio>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "storage/migrate.h"

namespace mishap {

int RunMigrate(CommandContext& context, bool status_only) {
  auto database = DatabaseAccess::OpenUnmigrated(context);
  if (!database) return PrintError(database.error());
  auto report = status_only ? MigrationStatus(database->Conninfo()) : Migrate(database->Conninfo());
  if (!report) return PrintError(report.error());
  std::vector<std::vector<std::string>> rows;
  int pending = 0;
  for (const MigrationState& state : report->migrations) {
    if (!state.applied) ++pending;
    rows.push_back({fmt::format("{:04}", state.version), state.name,
                    state.applied ? FormatTimestamp(state.applied_at) : "pending"});
  }
  PrintTable(context, {"Version", "Name", "Applied at"}, rows, "no migrations");
  if (context.json) return 0;
  if (status_only) {
    fmt::print("{} pending\n", pending);
  } else {
    fmt::print("{} applied now\n", report->applied_now);
  }
  if (!report->trigram_search) {
    fmt::print("extension pg_trgm is missing: text search will be slow on many issues\n");
  }
  return 0;
}

}  // namespace mishap
