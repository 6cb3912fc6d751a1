#include "storage/migrate.h"

#include <fmt/format.h>
#include <sodium.h>

#include <map>

#include "base/bytes.h"
#include "base/log.h"
#include "storage/embedded_sql.h"
#include "storage/pqxx_session.h"

namespace mishap {
namespace {

// "mishap" in ASCII: the advisory lock that lets one process migrate at a time.
constexpr std::int64_t kMigrationLock = 0x6d6973686170;
constexpr int kLockWaitMs = 60'000;

constexpr const char* kBookkeeping = R"(
create schema if not exists control;
create table if not exists control.migration (
  version integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
);
)";

// pg_trgm is a trusted extension, but a managed server may not offer it: search works without, only
// slower.
constexpr const char* kTrigram = R"(
create extension if not exists pg_trgm;
create index if not exists hash_sample_by_search_text on tenant.hash_sample using gin (search_text gin_trgm_ops);
create index if not exists hash_sample_by_search_facts on tenant.hash_sample using gin (search_facts gin_trgm_ops);
)";

struct MigrationFile {
  std::string name;
  std::string checksum;
  std::string_view text;
};

struct AppliedRow {
  std::string name;
  std::string checksum;
  Timestamp applied_at;
};

std::string Checksum(std::string_view text) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return EncodeHex({reinterpret_cast<const char*>(hash), sizeof hash});
}

// "migrations/0001_initial.sql" -> 1, "initial"
std::map<int, MigrationFile> KnownMigrations() {
  std::map<int, MigrationFile> known;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    constexpr std::string_view kFolder = "migrations/";
    if (!file.path.starts_with(kFolder)) continue;
    std::string_view stem = file.path.substr(kFolder.size());
    stem.remove_suffix(std::string_view(".sql").size());
    const std::size_t bar = stem.find('_');
    const int version = std::stoi(std::string(stem.substr(0, bar)));
    known[version] = {std::string(stem.substr(bar + 1)), Checksum(file.text), file.text};
  }
  return known;
}

Status CheckServer(Session& session) {
  const int version = session.Inside().connection->server_version();
  if (version >= kPostgresVersionMin) return {};
  return Fail(Reason::kInvalidArgument,
              fmt::format("PostgreSQL {}.{} is too old: Mishap needs 15 or newer", version / 10000,
                          version % 10000));
}

Result<std::map<int, AppliedRow>> Applied(Session& session) {
  return Read(session, [](Work& work) -> Result<std::map<int, AppliedRow>> {
    std::map<int, AppliedRow> rows;
    if (!work.Run("migration_table_exists")[0][0].as<bool>()) return rows;
    for (const pqxx::row& row : work.Run("migration_list")) {
      rows[row[0].as<int>()] = {row[1].c_str(), row[2].c_str(), TimestampOf(row[3])};
    }
    return rows;
  });
}

Status CheckHistory(const std::map<int, MigrationFile>& known,
                    const std::map<int, AppliedRow>& applied) {
  for (const auto& [version, row] : applied) {
    auto it = known.find(version);
    if (it == known.end()) {
      return Fail(
          Reason::kConflict,
          fmt::format(
              "the database is newer than this program: it has migration {} ({}), this program "
              "knows up to {}. Run the newer Mishap, or restore a backup made before the upgrade",
              version, row.name, known.empty() ? 0 : known.rbegin()->first));
    }
    if (it->second.checksum != row.checksum) {
      return Fail(
          Reason::kConflict,
          fmt::format(
              "migration {} ({}) was applied from a different file than the one in this program; "
              "the database belongs to another build",
              version, row.name));
    }
  }
  return {};
}

Status ApplyOne(Session& session, int version, const MigrationFile& file) {
  auto status = Transact(session, [&](Work& work) {
    work.Execute(std::string(file.text));
    work.Run("migration_insert", version, file.name, file.checksum);
  });
  if (status) {
    Log(LogLevel::kInfo, "migration_applied", {{"version", version}, {"name", file.name}});
    return {};
  }
  return Fail(status.error().reason, fmt::format("migration {} ({}) failed: {}", version, file.name,
                                                 status.error().detail));
}

Result<MigrationReport> Report(Session& session, const std::map<int, MigrationFile>& known,
                               const std::map<int, AppliedRow>& applied) {
  MigrationReport report;
  for (const auto& [version, file] : known) {
    auto it = applied.find(version);
    const bool done = it != applied.end();
    report.migrations.push_back(
        {version, file.name, done, done ? it->second.applied_at : Timestamp{}});
  }
  auto trigram = Read(
      session, [](Work& work) { return work.Run("migration_trigram_exists")[0][0].as<bool>(); });
  if (!trigram) return Fail(trigram.error());
  report.trigram_search = *trigram;
  return report;
}

Result<int> ApplyMissing(Session& session, const std::map<int, MigrationFile>& known) {
  // The lock belongs to the session: a crash frees it.
  auto prepared = OutsideTransaction(session, [](Work& work) {
    work.Execute(fmt::format("set lock_timeout = {}", kLockWaitMs));
    work.Execute(fmt::format("select pg_advisory_lock({})", kMigrationLock));
    work.Execute(fmt::format("set lock_timeout = {}", ConnectionSettings{}.lock_timeout_ms));
  });
  if (!prepared) return Fail(prepared.error());
  auto books = Transact(session, [](Work& work) { work.Execute(kBookkeeping); });
  if (!books) return Fail(books.error());
  auto applied = Applied(session);
  if (!applied) return Fail(applied.error());
  if (auto fine = CheckHistory(known, *applied); !fine) return Fail(fine.error());
  int count = 0;
  for (const auto& [version, file] : known) {
    if (applied->contains(version)) continue;
    if (auto status = ApplyOne(session, version, file); !status) return Fail(status.error());
    ++count;
  }
  auto trigram = Transact(session, [](Work& work) { work.Execute(kTrigram); });
  if (!trigram) {
    Log(LogLevel::kWarning, "trigram_search_unavailable", {{"error", trigram.error().detail}});
  }
  return count;
}

Session MigrationSession(const std::string& conninfo) {
  ConnectionSettings settings;
  settings.conninfo = conninfo;
  settings.application_name = "mishap migrate";
  settings.statement_timeout_ms = 0;  // an index over a large table takes what it takes
  return Session(std::move(settings));
}

}  // namespace

Result<MigrationReport> Migrate(const std::string& conninfo) {
  Session session = MigrationSession(conninfo);
  if (auto status = session.Connect(); !status) return Fail(status.error());
  if (auto status = CheckServer(session); !status) return Fail(status.error());
  const auto known = KnownMigrations();
  auto count = ApplyMissing(session, known);
  if (!count) return Fail(count.error());
  auto applied = Applied(session);
  if (!applied) return Fail(applied.error());
  auto report = Report(session, known, *applied);
  if (report) report->applied_now = *count;
  return report;
}

Result<MigrationReport> MigrationStatus(const std::string& conninfo) {
  Session session = MigrationSession(conninfo);
  if (auto status = session.Connect(); !status) return Fail(status.error());
  if (auto status = CheckServer(session); !status) return Fail(status.error());
  const auto known = KnownMigrations();
  auto applied = Applied(session);
  if (!applied) return Fail(applied.error());
  if (auto fine = CheckHistory(known, *applied); !fine) return Fail(fine.error());
  return Report(session, known, *applied);
}

}  // namespace mishap
