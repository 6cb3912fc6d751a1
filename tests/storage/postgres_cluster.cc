#include "tests/storage/postgres_cluster.h"

#include <libpq-fe.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace mishap {
namespace {

namespace fs = std::filesystem;

std::string Binaries() {
  int newest = 0;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql")) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (fs::exists(entry.path() / "bin/initdb") && version > newest) newest = version;
  }
  if (newest == 0) throw std::runtime_error("PostgreSQL is not installed: run ./dev install test");
  return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin/";
}

// PostgreSQL refuses to run as root. The server dies with this program (pdeathsig).
std::string AsPostgres() {
  const std::string death = "setpriv --pdeathsig INT ";
  return geteuid() == 0 ? death + "--reuid=postgres --regid=postgres --clear-groups " : death;
}

void RunOrThrow(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

bool Answers(const std::string& conninfo) {
  PGconn* conn = PQconnectdb(conninfo.c_str());
  const bool ok = PQstatus(conn) == CONNECTION_OK;
  PQfinish(conn);
  return ok;
}

}  // namespace

PostgresCluster& PostgresCluster::Get() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() {
  if (const char* url = std::getenv("MISHAP_TEST_DATABASE_URL")) {
    url_ = url;
  } else {
    Start();
  }
}

void PostgresCluster::Start() {
  char pattern[] = "/tmp/mishap-pg-XXXXXX";  // short: a socket path has 107 bytes
  if (mkdtemp(pattern) == nullptr) throw std::runtime_error("no temporary directory");
  home_ = pattern;
  if (geteuid() == 0) RunOrThrow("chown postgres:postgres " + home_);
  const std::string prefix = "cd / && exec " + AsPostgres() + Binaries();
  RunOrThrow(
      prefix + "initdb -D " + home_ +
      "/data -U mishap -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >/dev/null");
  const std::string server =
      prefix + "postgres -D " + home_ +
      "/data -c listen_addresses= -c unix_socket_directories=" + home_ +
      " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off -c "
      "max_connections=50"
      " -c shared_buffers=128MB -c log_min_messages=fatal -c autovacuum_naptime=5s 2>" +
      home_ + "/log";
  postmaster_ = fork();
  if (postmaster_ == 0) {
    execl("/bin/sh", "sh", "-c", server.c_str(), nullptr);
    _exit(127);
  }
  // Ready when it answers; the pause only paces the asking.
  for (int i = 0; i < 1000; ++i) {
    if (Answers(ConnInfo("postgres"))) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("PostgreSQL did not start; see " + home_ + "/log");
}

PostgresCluster::~PostgresCluster() {
  if (postmaster_ > 0) {
    kill(postmaster_, SIGQUIT);  // immediate: nothing here is worth a checkpoint
    waitpid(postmaster_, nullptr, 0);
    std::error_code ignored;
    fs::remove_all(home_, ignored);
  }
}

std::string PostgresCluster::ConnInfo(const std::string& database) const {
  if (url_.empty()) return "host=" + home_ + " user=mishap dbname=" + database;
  const std::size_t query = url_.find('?');
  const std::size_t host = url_.find("://") + 3;
  const std::size_t slash = url_.find('/', host);
  return url_.substr(0, std::min(slash, query)) + "/" + database +
         (query == std::string::npos ? "" : url_.substr(query));
}

}  // namespace mishap
