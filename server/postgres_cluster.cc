// See postgres_cluster.h. A cluster is made under another name and renamed when it is whole, so
// that a crash in initdb leaves nothing half made behind.
#include "server/postgres_cluster.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "base/log.h"
#include "fmt/format.h"
#include "server/data_dir.h"

namespace mishap {
namespace fs = std::filesystem;
namespace {

constexpr int kVersionMin = 15;
constexpr std::string_view kInstallations = "/usr/lib/postgresql";
constexpr std::string_view kElsewhere = "/var/lib/mishap/clusters";

int NumberOf(std::string_view text) {
  int n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return std::string(TrimAscii(line));
}

std::string PointerFile(const std::string& data_dir) {
  return data_dir + "/postgres-path";
}

Status MakeOwnedDirectory(const std::string& path, const PostgresAccount& account) {
  if (auto ok = MakeDirectory(path, 0700); !ok) return ok;
  std::error_code error;
  if (account.switches && chown(path.c_str(), account.uid, account.gid) != 0) {
    error = std::error_code(errno, std::generic_category());
  }
  if (!error && chmod(path.c_str(), 0700) != 0) {
    error = std::error_code(errno, std::generic_category());
  }
  if (!error) return {};
  return Fail(Reason::kUnavailable, fmt::format("cannot make {}: {}", path, error.message()));
}

// Half of what a small machine can spare: an eighth of its memory, between 128 and 512 MB.
long SharedBuffersMb() {
  const long mb = sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGE_SIZE) / 1024;
  return std::clamp(mb / 8, 128L, 512L);
}

Status WriteSettings(const std::string& pgdata, const PostgresAccount& account) {
  {
    std::ofstream conf(pgdata + "/postgresql.conf", std::ios::app);
    conf << "\n# Written once by Mishap; change what you like.\n"
         << "shared_buffers = " << SharedBuffersMb() << "MB\n"
         << "max_connections = 40\n"
         << "wal_level = replica\nmax_wal_senders = 4\nmax_wal_size = 4GB\n"
         << "checkpoint_completion_target = 0.9\nwal_compression = lz4\njit = off\n"
         << "max_parallel_workers_per_gather = 0\nmax_worker_processes = 4\n"
         << "autovacuum_max_workers = 2\n"
         << "logging_collector = on\nlog_directory = '../log'\nlog_filename = 'postgresql-%a.log'\n"
         << "log_truncate_on_rotation = on\nlog_rotation_age = 1d\nlog_rotation_size = 0\n";
    if (!conf) return Fail(Reason::kUnavailable, "cannot write " + pgdata + "/postgresql.conf");
  }
  std::ofstream hba(pgdata + "/pg_hba.conf", std::ios::trunc);
  hba << "# The unix socket only; who may be whom stands in pg_ident.conf.\n"
      << "local all all peer map=mishap\n";
  std::ofstream ident(pgdata + "/pg_ident.conf", std::ios::trunc);
  ident << "mishap " << account.name << " postgres\nmishap " << account.name << " mishap\n";
  if (account.switches) ident << "mishap root postgres\nmishap root mishap\n";
  hba.close();
  ident.close();
  if (!hba || !ident) return Fail(Reason::kUnavailable, "cannot write into " + pgdata);
  return {};
}

Status MakeCluster(const PostgresCluster& cluster) {
  const std::string unfinished = cluster.home + "/data.unfinished";
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  Log(LogLevel::kInfo, "postgres_initdb", {{"pgdata", cluster.pgdata}});
  const std::string log = cluster.home + "/initdb.log";
  auto done =
      RunToEnd(cluster.account,
               {cluster.programs + "/initdb", "-D", unfinished, "-U", "postgres", "-A", "peer",
                "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"},
               "", log);
  if (!done) return done;
  if (auto ok = WriteSettings(unfinished, cluster.account); !ok) return ok;
  // Single-user mode needs no socket and no login. The role Mishap uses is not the superuser.
  done = RunToEnd(cluster.account,
                  {cluster.programs + "/postgres", "--single", "-D", unfinished, "-c",
                   "logging_collector=off", "-c", "exit_on_error=on", "postgres"},
                  "create role mishap login\ncreate database mishap owner mishap\n", log);
  if (!done) return done;
  fs::rename(unfinished, cluster.pgdata, ignored);
  if (ignored) return Fail(Reason::kUnavailable, "cannot rename " + unfinished);
  return {};
}

Result<std::string> ChooseHome(const std::string& data_dir, const PostgresAccount& account,
                               Random& random) {
  if (std::string known = FindClusterHome(data_dir); !known.empty()) return known;
  if (CanEnter(account, data_dir)) return data_dir + "/postgres";
  const std::string home = fmt::format("{}/{}", kElsewhere, random.Hex(8));
  std::string elsewhere(kElsewhere);
  if (!MakeDirectory(elsewhere, 0711) || !CanEnter(account, elsewhere)) {
    return Fail(Reason::kUnavailable,
                fmt::format("user {} may not enter {} nor {}: choose another --data-dir, or give "
                            "--database-url",
                            account.name, data_dir, kElsewhere));
  }
  std::ofstream pointer(PointerFile(data_dir));
  pointer << home << "\n";
  pointer.close();
  if (!pointer) return Fail(Reason::kUnavailable, "cannot write " + PointerFile(data_dir));
  Log(LogLevel::kInfo, "postgres_elsewhere",
      {{"home", home}, {"why", fmt::format("user {} may not enter {}", account.name, data_dir)}});
  return home;
}

}  // namespace

Result<std::string> FindPostgresPrograms(int version) {
  int best = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(kInstallations, error)) {
    const int found = NumberOf(entry.path().filename().string());
    if (!fs::exists(entry.path() / "bin/postgres", error)) continue;
    if (version != 0 ? found == version : found >= kVersionMin) best = std::max(best, found);
  }
  if (best != 0) return fmt::format("{}/{}/bin", kInstallations, best);
  if (version != 0) {
    return Fail(Reason::kUnavailable,
                fmt::format("the private database was made by PostgreSQL {}, which is not "
                            "installed: install postgresql-{}, or move it with pg_upgrade",
                            version, version));
  }
  return Fail(Reason::kUnavailable,
              fmt::format("no PostgreSQL {} or newer below {}: install postgresql-15, or give "
                          "--database-url",
                          kVersionMin, kInstallations));
}

std::string FindClusterHome(const std::string& data_dir) {
  std::error_code error;
  std::string elsewhere = FirstLine(PointerFile(data_dir));
  if (!elsewhere.empty()) return elsewhere;
  const std::string here = data_dir + "/postgres";
  return fs::exists(here + "/data/PG_VERSION", error) ? here : "";
}

Result<PostgresCluster> OpenCluster(const std::string& data_dir, Random& random) {
  auto account = FindPostgresAccount();
  if (!account) return Fail(account.error());
  auto home = ChooseHome(data_dir, *account, random);
  if (!home) return Fail(home.error());
  PostgresCluster cluster{*home, *home + "/data", "", *account};
  const int version = NumberOf(FirstLine(cluster.pgdata + "/PG_VERSION"));
  auto programs = FindPostgresPrograms(version);
  if (!programs) return Fail(programs.error());
  cluster.programs = *programs;
  if (auto ok = MakeOwnedDirectory(cluster.home, cluster.account); !ok) return Fail(ok.error());
  if (version == 0) {
    if (auto ok = MakeCluster(cluster); !ok) return Fail(ok.error());
  }
  return cluster;
}

}  // namespace mishap
