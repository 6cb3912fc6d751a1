// Http2Session: the HTTP/2 of one connection, without its socket: bytes in, bytes out, streams in
// between. nghttp2 is inside http2_session.cc; what it lets pass too long is bounded here (control
// frames, header blocks). Private to net/grpc.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/grpc/grpc_mailbox.h"
#include "net/grpc/grpc_stream.h"

struct nghttp2_session;

namespace mishap {

class Http2Session final : public StreamWire {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Http2Session(GrpcCarrier& carrier, std::uint64_t connection, std::string peer_ip, Time now);
  ~Http2Session() override;
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  // False: the client does not keep to the rules; send what Output still has (a GOAWAY), then
  // close.
  bool Feed(std::string_view bytes, Time now);
  // Appends what is to be sent, about `bytes_max` at a time.
  void Output(std::string& out, std::size_t bytes_max);
  // Nothing more to read and nothing to write: close.
  bool Over() const;
  // False: a timeout; close as after Feed.
  bool CheckTimes(Time now);
  // GOAWAY: calls in flight end, new ones go elsewhere. First a notice, at the next CheckTimes the
  // last word.
  void GoAway();
  void Step(std::int32_t stream, const GrpcStep& step);
  bool HasStreams() const { return !streams_.empty(); }

  void SubmitHead(std::int32_t stream, const HttpHeaders& fields, bool end) override;
  void ResumeData(std::int32_t stream) override;
  void ConsumeWindow(std::int32_t stream, std::size_t bytes) override;
  void Reset(std::int32_t stream) override;

 private:
  struct Callbacks;  // nghttp2's view of this object

  bool TakeToken(double cost);
  void Close(std::uint32_t error, std::string_view why);
  GrpcStream* Find(std::int32_t stream);

  GrpcCarrier& carrier_;
  const std::uint64_t connection_;
  const std::string peer_ip_;
  std::unordered_map<std::int32_t, std::unique_ptr<GrpcStream>> streams_;
  nghttp2_session* session_ = nullptr;
  Time now_;
  Time opened_;
  Time last_bytes_;
  Time last_stream_;  // when there was one
  Time block_started_{};
  Time pinged_{};
  double tokens_;
  Time refilled_;
  bool greeted_ = false;   // the client's SETTINGS came
  bool in_block_ = false;  // within a header block
  bool pinging_ = false;
  bool notified_ = false;  // the notice of GoAway was sent
  bool leaving_ = false;
  bool closed_ = false;
};

}  // namespace mishap
