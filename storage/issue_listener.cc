#include "storage/issue_listener.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <memory>

#include "base/log.h"

namespace mishap {
namespace {

constexpr int kReconnectMs = 2'000;

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection Connect(const std::string& conninfo) {
  const char* keys[] = {"connect_timeout", "keepalives_idle", "application_name", "dbname",
                        nullptr};
  const char* values[] = {"5", "30", "mishap listener", conninfo.c_str(), nullptr};
  return {PQconnectdbParams(keys, values, 1), PQfinish};
}

bool Begin(PGconn* connection) {
  if (PQstatus(connection) != CONNECTION_OK) return false;
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, "listen mishap_issue"),
                                                       PQclear);
  return PQresultStatus(result.get()) == PGRES_COMMAND_OK;
}

}  // namespace

IssueListener::IssueListener(std::string conninfo, std::function<void(std::string_view)> on_change,
                             std::function<void()> on_gap)
    : conninfo_(std::move(conninfo)), on_change_(std::move(on_change)), on_gap_(std::move(on_gap)) {
  if (pipe2(wake_.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake_ = {-1, -1};
}

IssueListener::~IssueListener() {
  Stop();
  for (int end : wake_) {
    if (end >= 0) close(end);
  }
}

void IssueListener::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
}

void IssueListener::Stop() {
  stopping_ = true;
  if (wake_[1] >= 0 && write(wake_[1], "x", 1) < 0) {
    Log(LogLevel::kWarning, "listener_wake_failed", {});
  }
  if (thread_.joinable()) thread_.join();
}

bool IssueListener::WaitFor(int socket, int timeout_ms) {
  std::array<pollfd, 2> ends{{{wake_[0], POLLIN, 0}, {socket, POLLIN, 0}}};
  poll(ends.data(), ends.size(), timeout_ms);
  return !stopping_;
}

void IssueListener::Loop() {
  while (!stopping_) {
    Listen();
    if (!WaitFor(-1, kReconnectMs)) break;
  }
}

// Until the connection breaks or Stop is called.
void IssueListener::Listen() {
  Connection connection = Connect(conninfo_);
  if (!Begin(connection.get())) return;
  on_gap_();
  while (WaitFor(PQsocket(connection.get()), -1)) {
    if (PQconsumeInput(connection.get()) == 0) return;
    for (;;) {
      std::unique_ptr<PGnotify, decltype(&PQfreemem)> note(PQnotifies(connection.get()), PQfreemem);
      if (!note) break;
      on_change_(note->extra);
    }
  }
}

}  // namespace mishap
