// IssueListener: one connection that LISTENs for changed issues (decisions 3.13). Best effort:
// while the connection is away nothing is heard, and whoever listens is told of the gap.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace mishap {

class IssueListener {
 public:
  // Called on the listener's thread. on_change: project ids with commas between, or "*".
  IssueListener(std::string conninfo, std::function<void(std::string_view)> on_change,
                std::function<void()> on_gap);
  ~IssueListener();  // stops
  IssueListener(const IssueListener&) = delete;
  IssueListener& operator=(const IssueListener&) = delete;

  void Start();
  void Stop();  // within the time of a connection attempt (5 s); idempotent

 private:
  void Loop();
  void Listen();
  // False: Stop was called.
  bool WaitFor(int socket, int timeout_ms);

  const std::string conninfo_;
  const std::function<void(std::string_view)> on_change_;
  const std::function<void()> on_gap_;
  std::atomic<bool> stopping_{false};
  std::array<int, 2> wake_{-1, -1};  // a pipe: written to by Stop
  std::thread thread_;
};

}  // namespace mishap
