// What the connections of one GrpcServer share: bounds, counts, and the mailbox that carries steps
// to the io thread. No asio in here. Private to net/grpc.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "base/metrics.h"
#include "net/grpc/grpc.h"
#include "net/grpc/grpc_server.h"
#include "net/request_reader.h"

namespace mishap {

class GrpcMailbox {
 public:
  struct Letter {
    std::uint64_t connection;
    std::int32_t stream;
    GrpcStep step;
  };
  explicit GrpcMailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Put(Letter letter);
  std::vector<Letter> TakeAll();
  // Letters put later are dropped.
  void Close();

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<Letter> letters_;
};

struct GrpcCarrier {
  GrpcCarrier(const GrpcServerOptions& o, GrpcOpen f, Metrics& metrics, std::function<void()> wake);

  const GrpcServerOptions options;
  const GrpcOpen open;
  GrpcMailbox mailbox;
  BodyBudget budget;
  bool stopping = false;  // on the io thread
  Gauge& connections;
  Gauge& calls;
  Counter& refused;
  Counter& abuse;
  Counter& timeouts;
  Counter& calls_total;
};

}  // namespace mishap
