// GrpcConnection: one client's socket and its Http2Session, on the io thread. Reads into a buffer
// that all connections share, so that an idle one costs only its session. Private to net/grpc; with
// grpc_server.cc the only place there that includes asio.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "net/grpc/grpc_mailbox.h"
#include "net/grpc/http2_session.h"

namespace mishap {

using GrpcSocket =
    boost::asio::ip::tcp::socket::rebind_executor<boost::asio::io_context::executor_type>::other;

class GrpcConnection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // on_over(id) destroys the connection: called last, once.
  GrpcConnection(GrpcCarrier& carrier, GrpcSocket socket, std::uint64_t id, std::string peer_ip,
                 std::vector<char>& buffer, std::function<void(std::uint64_t)> on_over);
  ~GrpcConnection();
  GrpcConnection(const GrpcConnection&) = delete;
  GrpcConnection& operator=(const GrpcConnection&) = delete;

  void Start();
  void CheckTimes(Time now);
  void GoAway();
  void Step(std::int32_t stream, const GrpcStep& step);
  // After steps: sends what they made.
  void Flush();
  void Abort();

 private:
  void WaitForBytes();
  void OnReadable();

  GrpcCarrier& carrier_;
  GrpcSocket socket_;
  const std::uint64_t id_;
  std::vector<char>& buffer_;
  std::function<void(std::uint64_t)> on_over_;
  Http2Session session_;
  std::string output_;
  Time write_started_{};
  bool reading_ = false;  // an asio operation holds `this`
  bool writing_ = false;
  bool broken_ = false;  // send what there is, then close
  bool over_ = false;
};

}  // namespace mishap
