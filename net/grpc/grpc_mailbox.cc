#include "net/grpc/grpc_mailbox.h"

#include "base/bytes.h"

namespace mishap {

std::string_view GrpcCallHead::Metadata(std::string_view name) const {
  for (const auto& [key, value] : metadata) {
    if (key == name) return value;
  }
  return {};
}

void GrpcAddress::Run(GrpcStep step) const {
  mailbox_->Put({connection_, stream_, std::move(step)});
}

void GrpcMailbox::Put(Letter letter) {
  std::lock_guard lock(mutex_);
  if (!wake_) return;
  letters_.push_back(std::move(letter));
  if (letters_.size() == 1) wake_();
}

std::vector<GrpcMailbox::Letter> GrpcMailbox::TakeAll() {
  std::lock_guard lock(mutex_);
  return std::exchange(letters_, {});
}

void GrpcMailbox::Close() {
  std::lock_guard lock(mutex_);
  wake_ = nullptr;
  letters_.clear();
}

GrpcCarrier::GrpcCarrier(const GrpcServerOptions& o, GrpcOpen f, Metrics& metrics,
                         std::function<void()> wake)
    : options(o),
      open(std::move(f)),
      mailbox(std::move(wake)),
      budget(o.in_flight_bytes_max),
      connections(metrics.GetGauge("mishap_grpc_connections", "Open gRPC connections")),
      calls(metrics.GetGauge("mishap_grpc_calls_in_flight", "gRPC calls in flight")),
      refused(metrics.GetCounter("mishap_grpc_connections_refused_total",
                                 "gRPC connections above the limit")),
      abuse(metrics.GetCounter("mishap_grpc_abuse_total",
                               "gRPC connections closed for too many control frames")),
      timeouts(metrics.GetCounter("mishap_grpc_timeouts_total",
                                  "gRPC connections and calls ended by a timeout")),
      calls_total(metrics.GetCounter("mishap_grpc_calls_total", "gRPC calls begun")) {}

}  // namespace mishap
