// See database_access.h.
#include "server/database_access.h"

#include <filesystem>
#include <utility>

#include "base/log.h"
#include "fmt/format.h"
#include "storage/migrate.h"

namespace mishap {

Result<DatabaseAccess> DatabaseAccess::Open(const CommandContext& context) {
  const Config& config = context.config;
  std::error_code error;
  if (config.database.url.empty() &&
      !std::filesystem::exists(config.server.data_dir + "/postgres", error)) {
    return Fail(Reason::kNotFound,
                fmt::format("there is no private PostgreSQL in {} yet: start `mishap serve` once, "
                            "or name another --data-dir or a --database-url",
                            config.server.data_dir));
  }
  auto access = OpenUnmigrated(context);
  if (!access) return access;
  auto schema = MigrationStatus(access->Conninfo());
  if (!schema) return Fail(schema.error());
  for (const MigrationState& state : schema->migrations) {
    if (state.applied) continue;
    return Fail(Reason::kNotFound,
                fmt::format("the database lacks migration {:04} ({}): run `mishap migrate`",
                            state.version, state.name));
  }
  return access;
}

Result<DatabaseAccess> DatabaseAccess::OpenUnmigrated(const CommandContext& context) {
  DatabaseAccess access;
  const Config& config = context.config;
  if (!config.database.url.empty()) {
    access.conninfo_ = config.database.url;
  } else {
    SetLogLevel(std::max(config.log.level, LogLevel::kWarning));  // a command's output is its own
    auto lock = DataDirLock::Take(config.server.data_dir);
    if (lock) {
      access.lock_.emplace(std::move(*lock));
      auto postgres =
          EmbeddedPostgres::Start(config.server.data_dir, context.clock, context.random);
      if (!postgres) return Fail(postgres.error());
      access.postgres_ = std::move(*postgres);
      access.conninfo_ = access.postgres_->Conninfo();
    } else if (lock.error().reason == Reason::kConflict) {
      auto running = FindRunningPostgres(config.server.data_dir);
      if (!running) return Fail(running.error());
      access.conninfo_ = *running;
    } else {
      return Fail(lock.error());
    }
  }
  ConnectionSettings settings;
  settings.conninfo = access.conninfo_;
  access.session_ = std::make_unique<Session>(std::move(settings));
  if (auto ok = access.session_->Connect(); !ok) return Fail(ok.error());
  return access;
}

}  // namespace mishap
