// See embedded_postgres.h.
#include "server/embedded_postgres.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/log.h"
#include "fmt/format.h"

namespace mishap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kAdoptWait{10};
constexpr seconds kReadyWait{30};
constexpr seconds kStopWait{60};
constexpr seconds kQuitWait{10};
constexpr milliseconds kLook{20};
constexpr std::size_t kSocketPathMax = 107;
constexpr std::string_view kSocketName = "/.s.PGSQL.5432.lock";

std::string ConninfoFor(const std::string& socket_directory) {
  std::string host;
  for (const char c : socket_directory) {
    if (c == '\'' || c == '\\') host += '\\';
    host += c;
  }
  return fmt::format("host='{}' user=mishap dbname=mishap application_name=mishap", host);
}

bool IsReady(const std::string& pgdata, pid_t pid, std::string& socket_directory) {
  const auto file = ReadPostmasterFile(pgdata);
  if (!file || file->pid != pid || file->status != "ready") return false;
  socket_directory = file->socket_directory;
  return AnswersOnSocket(socket_directory);
}

}  // namespace

EmbeddedPostgres::EmbeddedPostgres(PostgresCluster cluster, const Clock& clock)
    : cluster_(std::move(cluster)), clock_(clock) {}

EmbeddedPostgres::~EmbeddedPostgres() {
  Stop();
}

Result<std::unique_ptr<EmbeddedPostgres>> EmbeddedPostgres::Start(const std::string& data_dir,
                                                                  const Clock& clock,
                                                                  Random& random) {
  auto cluster = OpenCluster(data_dir, random);
  if (!cluster) return Fail(cluster.error());
  std::unique_ptr<EmbeddedPostgres> postgres(new EmbeddedPostgres(std::move(*cluster), clock));
  if (auto ok = postgres->StartOrAdopt(); !ok) return Fail(ok.error());
  return postgres;
}

std::string EmbeddedPostgres::Conninfo() const {
  return ConninfoFor(socket_directory_);
}

Status EmbeddedPostgres::StartOrAdopt() {
  if (Adopt()) return {};
  const auto file = ReadPostmasterFile(cluster_.pgdata);
  if (file && IsPostmasterOf(file->pid, cluster_.pgdata)) {
    if (auto ok = EndStuckPostmaster(file->pid); !ok) return ok;
  }
  if (auto ok = ChooseSocketDirectory(); !ok) return ok;
  if (auto ok = Launch(); !ok) return ok;
  return WaitReady(kReadyWait);
}

// True when a living postmaster of ours answers. One that is just going down (it got SIGINT when we
// died) is waited for.
bool EmbeddedPostgres::Adopt() {
  const auto deadline = clock_.Steady() + kAdoptWait;
  int good_looks = 0;
  while (clock_.Steady() < deadline) {
    const auto file = ReadPostmasterFile(cluster_.pgdata);
    if (!file || !IsPostmasterOf(file->pid, cluster_.pgdata)) return false;
    good_looks = IsReady(cluster_.pgdata, file->pid, socket_directory_) ? good_looks + 1 : 0;
    if (good_looks == 10) {  // 200 ms without a word of stopping
      pid_ = file->pid;
      is_child_ = false;
      Log(LogLevel::kInfo, "postgres_adopted", {{"pid", pid_}, {"pgdata", cluster_.pgdata}});
      return true;
    }
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

Status EmbeddedPostgres::EndStuckPostmaster(pid_t pid) {
  Log(LogLevel::kWarning, "postgres_stuck", {{"pid", pid}, {"pgdata", cluster_.pgdata}});
  for (const int signal : {SIGINT, SIGQUIT}) {
    kill(pid, signal);
    if (WaitGone(pid, kQuitWait)) return {};
  }
  return Fail(Reason::kUnavailable,
              fmt::format("an old PostgreSQL (pid {}) holds {} and does not end: end it by hand",
                          pid, cluster_.pgdata));
}

Status EmbeddedPostgres::ChooseSocketDirectory() {
  if (cluster_.home.size() + kSocketName.size() <= kSocketPathMax) {
    socket_directory_ = cluster_.home;
    return {};
  }
  std::string path = "/tmp/mishap-postgres-XXXXXX";  // the path of a unix socket is short
  if (mkdtemp(path.data()) == nullptr) {
    return Fail(Reason::kUnavailable, "cannot make a directory for PostgreSQL's socket in /tmp");
  }
  if (cluster_.account.switches &&
      chown(path.c_str(), cluster_.account.uid, cluster_.account.gid) != 0) {
    return Fail(Reason::kUnavailable, "cannot hand over " + path);
  }
  socket_directory_ = path;
  owns_socket_directory_ = true;
  return {};
}

Status EmbeddedPostgres::Launch() {
  auto pid = Spawn(
      cluster_.account,
      {cluster_.programs + "/postgres", "-D", cluster_.pgdata, "-c", "listen_addresses=", "-c",
       "port=5432", "-c", fmt::format("unix_socket_directories={}", socket_directory_), "-c",
       "unix_socket_permissions=0700"},
      -1, cluster_.StartLog());
  if (!pid) return Fail(pid.error());
  pid_ = *pid;
  is_child_ = true;
  return {};
}

bool EmbeddedPostgres::IsAlive() {
  if (pid_ == 0) return false;
  const bool gone =
      is_child_ ? ReapChild(pid_).has_value() : !IsPostmasterOf(pid_, cluster_.pgdata);
  if (gone) pid_ = 0;
  return !gone;
}

Status EmbeddedPostgres::WaitReady(std::chrono::seconds at_most) {
  const auto deadline = clock_.Steady() + at_most;
  std::string where;
  while (clock_.Steady() < deadline) {
    if (!IsAlive()) {
      return Fail(Reason::kUnavailable,
                  fmt::format("PostgreSQL did not start; {} ends with:\n{}", cluster_.StartLog(),
                              LastLines(cluster_.StartLog())));
    }
    if (IsReady(cluster_.pgdata, pid_, where)) {
      Log(LogLevel::kInfo, "postgres_ready", {{"pid", pid_}, {"pgdata", cluster_.pgdata}});
      return {};
    }
    std::this_thread::sleep_for(kLook);
  }
  Log(LogLevel::kWarning, "postgres_recovering", {{"pid", pid_}});
  return {};
}

void EmbeddedPostgres::Supervise() {
  if (IsAlive()) {
    if (restarts_ > 0 && clock_.Steady() > next_start_ + seconds(60)) restarts_ = 0;
    return;
  }
  if (clock_.Steady() < next_start_) return;
  next_start_ = clock_.Steady() + seconds(std::min(30, 1 << std::min(restarts_, 5)));
  ++restarts_;
  const auto file = ReadPostmasterFile(cluster_.pgdata);
  if (file && IsPostmasterOf(file->pid, cluster_.pgdata)) return;  // somebody else was quicker
  Log(LogLevel::kError, "postgres_ended",
      {{"restart", restarts_}, {"log", cluster_.home + "/log"}});
  if (auto ok = Launch(); !ok) {
    Log(LogLevel::kError, "postgres_start_failed", {{"error", ok.error().detail}});
  }
}

bool EmbeddedPostgres::WaitGone(pid_t pid, std::chrono::seconds at_most) {
  const auto deadline = clock_.Steady() + at_most;
  while (clock_.Steady() < deadline) {
    const bool gone = is_child_ && pid == pid_ ? ReapChild(pid).has_value()
                                               : !IsPostmasterOf(pid, cluster_.pgdata);
    if (gone) return true;
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

void EmbeddedPostgres::Stop() {
  if (pid_ != 0 && IsAlive()) {
    kill(pid_, SIGINT);
    if (!WaitGone(pid_, kStopWait)) {
      Log(LogLevel::kWarning, "postgres_stop_slow", {{"pid", pid_}});
      kill(pid_, SIGQUIT);
      WaitGone(pid_, kQuitWait);
    }
    Log(LogLevel::kInfo, "postgres_stopped", {{"pid", pid_}});
  }
  pid_ = 0;
  if (owns_socket_directory_) {
    std::error_code ignored;
    std::filesystem::remove_all(socket_directory_, ignored);
    owns_socket_directory_ = false;
  }
}

Result<std::string> FindRunningPostgres(const std::string& data_dir) {
  const std::string home = FindClusterHome(data_dir);
  const auto file = ReadPostmasterFile(home + "/data");
  if (home.empty() || !file || !IsPostmasterOf(file->pid, home + "/data")) {
    return Fail(Reason::kNotFound, "no private PostgreSQL runs on " + data_dir);
  }
  return ConninfoFor(file->socket_directory);
}

}  // namespace mishap
