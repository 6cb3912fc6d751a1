#include "bench/load/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <deque>
#include <unordered_set>

#include "base/clock.h"

namespace mishap::load {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::steady_clock;

struct Job {
  std::uint64_t index = 0;
  SteadyTime due;  // when it should have left
};

struct Connection {
  int fd = -1;
  bool busy = false;
  Job job;
  std::string out;
  std::size_t written = 0;
  std::string in;
};

// Bytes of the complete response at the front of `in`, 0 while it is incomplete; status is set with
// it.
std::size_t ResponseLength(const std::string& in, int& status) {
  std::size_t head_end = in.find("\r\n\r\n");
  if (head_end == std::string::npos || in.size() < 12) return 0;
  std::from_chars(in.data() + 9, in.data() + 12, status);
  std::size_t body = 0;
  constexpr std::string_view kLength = "ontent-Length: ";
  if (std::size_t at = in.find(kLength); at != std::string::npos && at < head_end) {
    std::from_chars(in.data() + at + kLength.size(), in.data() + head_end, body);
  }
  std::size_t total = head_end + 4 + body;
  return in.size() >= total ? total : 0;
}

class Loop {
 public:
  Loop(const LoadOptions& options, Ledger& ledger, const std::atomic<bool>& stop)
      : options_(options), ledger_(ledger), stop_(stop), epoll_(epoll_create1(0)) {
    connections_.resize(options.connections);
    address_.sin_family = AF_INET;
    address_.sin_port = htons(options.port);
    inet_pton(AF_INET, options.host.c_str(), &address_.sin_addr);
  }
  ~Loop() {
    for (Connection& c : connections_) {
      if (c.fd >= 0) ::close(c.fd);
    }
    ::close(epoll_);
  }

  LoadReport Run() {
    start_ = steady_clock::now();
    while (!Finished()) {
      Schedule();
      Assign();
      Wait();
    }
    for (const Job& job : ready_) GiveUp(job.index);
    for (Connection& c : connections_) {
      if (c.busy) GiveUp(c.job.index);
    }
    std::chrono::duration<double> elapsed = last_answer_ - start_;
    report_.seconds = std::max(elapsed.count(), 0.001);
    std::sort(report_.ack_ms.begin(), report_.ack_ms.end());
    return std::move(report_);
  }

 private:
  bool Finished() {
    if (stop_) return true;
    bool all_scheduled = scheduled_ == options_.count;
    if (all_scheduled && ready_.empty() && busy_ == 0) return true;
    return all_scheduled && options_.resend_seconds > 0 &&
           steady_clock::now() > last_due_ + std::chrono::duration<double>(options_.resend_seconds);
  }

  void Schedule() {
    SteadyTime now = steady_clock::now();
    while (scheduled_ < options_.count) {
      SteadyTime due = now;
      if (options_.rate > 0) {
        auto offset =
            std::chrono::duration<double>(static_cast<double>(scheduled_) / options_.rate);
        due = start_ + std::chrono::duration_cast<steady_clock::duration>(offset);
        if (due > now) break;
      } else if (!ready_.empty() || busy_ == connections_.size()) {
        break;
      }
      ready_.push_back({options_.first_index + scheduled_, due});
      last_due_ = due;
      ++scheduled_;
      ++report_.sent;
    }
  }

  void Assign() {
    if (steady_clock::now() < hold_until_) return;
    for (Connection& c : connections_) {
      if (ready_.empty()) return;
      if (c.busy) continue;
      c.job = ready_.front();
      ready_.pop_front();
      Begin(c);
    }
  }

  void Begin(Connection& c) {
    c.busy = true;
    ++busy_;
    std::string body = MakeEnvelope(options_.shape, c.job.index, SystemClock().Now());
    c.out = fmt::format(
        "POST /api/{}/envelope/ HTTP/1.1\r\nHost: {}:{}\r\nX-Sentry-Auth: Sentry sentry_version=7, "
        "sentry_key={}, sentry_client=mishap-load/1.0\r\nContent-Type: "
        "application/x-sentry-envelope"
        "\r\n{}Content-Length: {}\r\n\r\n",
        options_.project, options_.host, options_.port, options_.public_key,
        options_.keep_alive ? "" : "Connection: close\r\n", body.size());
    c.out += body;
    c.written = 0;
    c.in.clear();
    if (c.fd < 0 && !Connect(c)) return Lost(c);
    Write(c);
  }

  bool Connect(Connection& c) {
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c.fd < 0) return false;
    int on = 1;
    setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int result = ::connect(c.fd, reinterpret_cast<sockaddr*>(&address_), sizeof address_);
    if (result != 0 && errno != EINPROGRESS) return false;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
    event.data.ptr = &c;
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event) == 0;
  }

  void Write(Connection& c) {
    while (c.written < c.out.size()) {
      ssize_t n = ::send(c.fd, c.out.data() + c.written, c.out.size() - c.written, MSG_NOSIGNAL);
      if (n > 0) {
        c.written += static_cast<std::size_t>(n);
      } else if (errno == EAGAIN || errno == ENOTCONN) {
        return;
      } else {
        return Lost(c);
      }
    }
  }

  void Read(Connection& c) {
    char buffer[8192];
    for (;;) {
      ssize_t n = ::recv(c.fd, buffer, sizeof buffer, 0);
      if (n > 0) {
        c.in.append(buffer, static_cast<std::size_t>(n));
        continue;
      }
      bool closed = n == 0 || errno != EAGAIN;
      int status = 0;
      if (c.busy && ResponseLength(c.in, status) > 0) return Answered(c, status, closed);
      if (closed) return c.busy ? Lost(c) : Close(c);
      return;
    }
  }

  void Answered(Connection& c, int status, bool closed) {
    last_answer_ = steady_clock::now();
    if (status == 200) {
      std::chrono::duration<double, std::milli> latency = last_answer_ - c.job.due;
      report_.ack_ms.push_back(latency.count());
      ++report_.acknowledged;
      ledger_.Write({Seen::kAcknowledged, c.job.index, status});
    } else if (unanswered_.contains(c.job.index)) {
      GiveUp(c.job.index);  // an earlier attempt may have been stored
    } else {
      ++report_.refused[status];
      ledger_.Write({Seen::kRefused, c.job.index, status});
    }
    c.busy = false;
    --busy_;
    if (closed || !options_.keep_alive) Close(c);
  }

  // The connection ended before an answer: whether the event was stored is unknown.
  void Lost(Connection& c) {
    last_answer_ = steady_clock::now();
    unanswered_.insert(c.job.index);
    if (options_.resend_seconds > 0) {
      ready_.push_back(c.job);
      hold_until_ =
          last_answer_ + std::chrono::milliseconds(20);  // do not spin on a server that is down
    } else {
      GiveUp(c.job.index);
    }
    c.busy = false;
    --busy_;
    Close(c);
  }

  void GiveUp(std::uint64_t index) {
    ++report_.unknown;
    ledger_.Write({Seen::kUnknown, index, 0});
  }

  void Close(Connection& c) {
    if (c.fd >= 0) ::close(c.fd);
    c.fd = -1;
  }

  void Wait() {
    epoll_event events[256];
    int n = epoll_wait(epoll_, events, 256, 1);
    for (int i = 0; i < n; ++i) {
      auto& c = *static_cast<Connection*>(events[i].data.ptr);
      if (c.fd < 0) continue;
      if ((events[i].events & EPOLLOUT) != 0 && c.busy) Write(c);
      if (c.fd >= 0 && (events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) Read(c);
    }
  }

  const LoadOptions& options_;
  Ledger& ledger_;
  const std::atomic<bool>& stop_;
  int epoll_;
  sockaddr_in address_{};
  std::vector<Connection> connections_;
  std::deque<Job> ready_;
  std::unordered_set<std::uint64_t> unanswered_;
  std::uint64_t scheduled_ = 0;
  std::size_t busy_ = 0;
  SteadyTime start_;
  SteadyTime last_due_;
  SteadyTime last_answer_;
  SteadyTime hold_until_;
  LoadReport report_;
};

}  // namespace

double LoadReport::Percentile(double p) const {
  if (ack_ms.empty()) return 0;
  auto at = static_cast<std::size_t>(p * static_cast<double>(ack_ms.size() - 1));
  return ack_ms[at];
}

LoadReport RunLoad(const LoadOptions& options, Ledger& ledger, const std::atomic<bool>& stop) {
  return Loop(options, ledger, stop).Run();
}

}  // namespace mishap::load
