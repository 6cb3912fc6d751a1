#include "server/grpc/health_service.h"

#include <utility>

#include "ingest/grpc/grpc_answer.h"
#include "proto/wire.h"

namespace mishap {
namespace {

// Numbers of HealthCheckResponse.ServingStatus.
constexpr int kServing = 1;
constexpr int kNotServing = 2;
constexpr int kServiceUnknown = 3;

std::string Response(int status) {
  std::string message;
  ProtoWriter(message).Int(1, status);
  return message;
}

std::string ServiceOf(const GrpcMessage& message) {
  ProtoReader reader(message.bytes);
  ProtoField field;
  std::string service;
  while (reader.Next(field)) {
    if (field.number == 1 && field.IsBytes()) service = field.bytes;
  }
  return service;
}

}  // namespace

class HealthService::Check final : public GrpcCall {
 public:
  explicit Check(const HealthService& service) : service_(service) {}
  void OnMessage(GrpcPort& port, GrpcMessage message) override {
    const int status = service_.StatusOf(ServiceOf(message));
    if (status == kServiceUnknown) {
      return port.Finish(GrpcStatusOf(GrpcCode::kNotFound, "no service of this name"));
    }
    port.Send(Response(status));
    port.Finish({});
  }
  void OnEnd(GrpcPort& port) override {
    port.Finish(GrpcStatusOf(GrpcCode::kInvalidArgument, "the call had no message"));
  }

 private:
  const HealthService& service_;
};

class HealthService::Watch final : public GrpcCall {
 public:
  Watch(HealthService& service, GrpcAddress address) : service_(service), address_(address) {}
  void OnMessage(GrpcPort& port, GrpcMessage message) override {
    if (std::exchange(begun_, true)) return;
    const std::string service = ServiceOf(message);
    const int status = service_.StatusOf(service);
    port.Send(Response(status));
    service_.AddWatcher(address_, service, status);
  }
  void OnEnd(GrpcPort&) override {}

 private:
  HealthService& service_;
  const GrpcAddress address_;
  bool begun_ = false;
};

int HealthService::StatusOf(const std::string& service) const {
  auto it = serving_.find(service);
  if (it == serving_.end()) return kServiceUnknown;
  return !leaving_ && it->second() ? kServing : kNotServing;
}

void HealthService::AddWatcher(const GrpcAddress& address, const std::string& service, int told) {
  std::lock_guard lock(mutex_);
  if (watchers_.size() >= kWatchersMax) watchers_.erase(watchers_.begin());
  watchers_.push_back({address, service, told});
}

GrpcOpening HealthService::Open(const GrpcCallHead& head, const GrpcAddress& address) {
  if (head.path.ends_with("/Check")) return std::make_unique<Check>(*this);
  if (head.path.ends_with("/Watch")) return std::make_unique<Watch>(*this, address);
  return tl::unexpected(GrpcStatusOf(GrpcCode::kUnimplemented, "Health has Check and Watch"));
}

void HealthService::Tell() {
  std::lock_guard lock(mutex_);
  for (Watcher& watcher : watchers_) {
    const int status = StatusOf(watcher.service);
    if (std::exchange(watcher.told, status) == status) continue;
    watcher.address.Run([status](GrpcCall&, GrpcPort& port) { port.Send(Response(status)); });
  }
}

void HealthService::Leave() {
  leaving_ = true;
  Tell();
  std::lock_guard lock(mutex_);
  for (const Watcher& watcher : watchers_) {
    watcher.address.Run([](GrpcCall&, GrpcPort& port) {
      port.Finish(GrpcStatusOf(GrpcCode::kUnavailable, "the server is stopping"));
    });
  }
  watchers_.clear();
}

}  // namespace mishap
