// HealthService: grpc.health.v1.Health: may calls be sent here? Check answers now, Watch tells
// every change. What "serving" means is asked of functions, as the HTTP probes do (api/probes.h).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "net/grpc/grpc.h"

namespace mishap {

class HealthService {
 public:
  static constexpr const char* kName = "grpc.health.v1.Health";
  static constexpr std::size_t kWatchersMax = 1000;

  // By service name; "" is the whole server.
  explicit HealthService(std::map<std::string, std::function<bool()>> serving)
      : serving_(std::move(serving)) {}

  GrpcOpening Open(const GrpcCallHead& head, const GrpcAddress& address);
  // From any thread, twice a second: watchers hear what changed.
  void Tell();
  // From any thread: NOT_SERVING to all watchers, whose calls end; from now on nothing serves.
  void Leave();

 private:
  class Check;
  class Watch;
  struct Watcher {
    GrpcAddress address;
    std::string service;
    int told;
  };

  int StatusOf(const std::string& service) const;
  void AddWatcher(const GrpcAddress& address, const std::string& service, int told);

  const std::map<std::string, std::function<bool()>> serving_;
  std::mutex mutex_;
  std::vector<Watcher> watchers_;  // of calls that may be over: then telling does nothing
  std::atomic<bool> leaving_{false};
};

}  // namespace mishap
