// GrpcStream: one call on its connection: header fields in, messages cut out of DATA, answer and
// trailers out. No socket and no nghttp2 in here: the connection is asked through StreamWire.
// Private to net/grpc.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/grpc/grpc.h"
#include "net/grpc/grpc_mailbox.h"

namespace mishap {

// What a stream asks of its connection.
class StreamWire {
 public:
  virtual ~StreamWire() = default;
  virtual void SubmitHead(std::int32_t stream, const HttpHeaders& fields, bool end) = 0;
  virtual void ResumeData(std::int32_t stream) = 0;
  virtual void ConsumeWindow(std::int32_t stream, std::size_t bytes) = 0;
  virtual void Reset(std::int32_t stream) = 0;
};

class GrpcStream final : public GrpcPort {
 public:
  using Time = std::chrono::steady_clock::time_point;

  GrpcStream(GrpcCarrier& carrier, StreamWire& wire, std::uint64_t connection, std::int32_t id,
             std::string peer_ip, Time now);
  ~GrpcStream() override;
  GrpcStream(const GrpcStream&) = delete;
  GrpcStream& operator=(const GrpcStream&) = delete;

  // False: more metadata than a call may have.
  bool AddField(std::string_view name, std::string_view value);
  void OnHeadersDone(Time now);
  void OnData(std::string_view bytes, Time now);
  void OnEnd(Time now);
  void CheckTimes(Time now);
  void Step(const GrpcStep& step);

  // Of the answer: the next bytes for a DATA frame; `done`: nothing follows but the trailers.
  std::size_t TakeOutput(char* to, std::size_t bytes_max, bool& done);
  HttpHeaders Trailers() const;
  bool RequestEnded() const { return ended_; }

  void Send(std::string_view message) override;
  void Finish(const GrpcStatus& status) override;
  void Consumed(std::size_t bytes) override;

 private:
  void RefuseHttp(int status);
  bool TakeFrameHead(std::string_view& bytes, Time now);
  void TakeMessage(Time now);
  void OpenWindow();

  GrpcCarrier& carrier_;
  StreamWire& wire_;
  const std::uint64_t connection_;
  const std::int32_t id_;
  GrpcCallHead head_;
  std::string method_;
  std::string content_type_;
  std::size_t field_bytes_ = 0;
  std::unique_ptr<GrpcCall> call_;

  std::string frame_head_;           // the five bytes, as far as they came
  std::string message_;              // as far as it came
  std::uint32_t message_bytes_ = 0;  // how long it will be
  bool compressed_ = false;
  std::size_t held_ = 0;    // bytes given to the call and not consumed
  std::size_t taken_ = 0;   // bytes of the budget
  std::size_t closed_ = 0;  // bytes received that the client was not yet given back
  Time started_;
  Time last_message_;
  Time message_started_{};

  Time finished_at_{};
  std::string output_;
  std::size_t output_begin_ = 0;
  GrpcStatus status_;
  bool head_sent_ = false;
  bool finished_ = false;
  bool ended_ = false;  // the client's side
};

}  // namespace mishap
