#include "net/grpc/grpc_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "net/grpc/grpc_text.h"

namespace mishap {
namespace {

// Of gRPC's status codes, those the carrier itself ends calls with.
constexpr int kDeadlineExceeded = 4;
constexpr int kResourceExhausted = 8;
constexpr int kInternal = 13;
constexpr int kUnavailable = 14;

constexpr std::size_t kFieldOverheadBytes = 32;       // as HTTP/2 counts
constexpr std::uint32_t kReserveBytesMax = 64 << 10;  // lengths are believed up to here

// Fields of the protocol itself; all others are metadata.
bool IsProtocolField(std::string_view name) {
  return name.starts_with(':') || name == "te" || name == "content-type" ||
         name == "grpc-encoding" || name == "grpc-accept-encoding" || name == "grpc-timeout";
}

}  // namespace

GrpcStream::GrpcStream(GrpcCarrier& carrier, StreamWire& wire, std::uint64_t connection,
                       std::int32_t id, std::string peer_ip, Time now)
    : carrier_(carrier),
      wire_(wire),
      connection_(connection),
      id_(id),
      started_(now),
      last_message_(now) {
  head_.peer_ip = std::move(peer_ip);
  carrier_.calls.Add(1);
}

GrpcStream::~GrpcStream() {
  carrier_.budget.Give(taken_);
  carrier_.calls.Add(-1);
}

bool GrpcStream::AddField(std::string_view name, std::string_view value) {
  field_bytes_ += name.size() + value.size() + kFieldOverheadBytes;
  if (field_bytes_ > carrier_.options.metadata_bytes_max) return false;
  if (name == ":method") {
    method_ = value;
  } else if (name == ":path") {
    head_.path = value;
  } else if (name == "content-type") {
    content_type_ = value;
  } else if (name == "grpc-encoding") {
    head_.encoding = value;
  } else if (name == "grpc-timeout") {
    if (auto timeout = ParseGrpcTimeout(value)) {
      head_.deadline = started_ + std::chrono::duration_cast<Time::duration>(*timeout);
    }
  } else if (!IsProtocolField(name)) {
    head_.metadata.emplace_back(name, value);
  }
  return true;
}

// Not gRPC: answered in HTTP's own words.
void GrpcStream::RefuseHttp(int status) {
  finished_ = true;
  finished_at_ = std::chrono::steady_clock::now();
  head_sent_ = true;
  wire_.SubmitHead(id_, {{":status", fmt::format("{}", status)}}, true);
}

void GrpcStream::OnHeadersDone(Time now) {
  if (head_sent_) return;  // trailers of a request mean nothing
  last_message_ = now;
  carrier_.calls_total.Add();
  if (method_ != "POST") return RefuseHttp(405);
  if (!content_type_.starts_with("application/grpc")) return RefuseHttp(415);
  auto opened = carrier_.open(head_, GrpcAddress(carrier_.mailbox, connection_, id_));
  if (opened) {
    call_ = std::move(*opened);
  } else {
    Finish(opened.error());
  }
}

bool GrpcStream::TakeFrameHead(std::string_view& bytes, Time now) {
  const std::size_t wanted = kGrpcFrameHeadBytes - frame_head_.size();
  if (frame_head_.empty()) message_started_ = now;
  frame_head_ += bytes.substr(0, wanted);
  bytes.remove_prefix(std::min(wanted, bytes.size()));
  if (frame_head_.size() < kGrpcFrameHeadBytes) return false;
  const GrpcFrameHead head = ParseGrpcFrameHead(frame_head_.data());
  if (head.flag > 1) {
    Finish({kInternal, "the message's first byte is neither 0 nor 1: not a gRPC message", {}});
    return false;
  }
  if (head.length > carrier_.options.message_bytes_max) {
    Finish({kResourceExhausted,
            fmt::format("the message is {} bytes, the limit is {}", head.length,
                        carrier_.options.message_bytes_max),
            {}});
    return false;
  }
  compressed_ = head.flag == 1;
  message_bytes_ = head.length;
  message_.clear();
  message_.reserve(std::min(head.length, kReserveBytesMax));
  return true;
}

void GrpcStream::TakeMessage(Time now) {
  GrpcMessage message{std::exchange(message_, {}), compressed_};
  frame_head_.clear();
  last_message_ = now;
  held_ += message.bytes.size();
  if (call_ && !finished_) call_->OnMessage(*this, std::move(message));
}

void GrpcStream::OnData(std::string_view bytes, Time now) {
  closed_ += bytes.size();
  while (!bytes.empty() && !finished_ && !ended_) {
    if (frame_head_.size() < kGrpcFrameHeadBytes && !TakeFrameHead(bytes, now)) break;
    const std::string_view part = bytes.substr(0, message_bytes_ - message_.size());
    if (!carrier_.budget.TryTake(part.size())) {
      Finish({kUnavailable, "the server holds too many bytes; try again later", {}});
      break;
    }
    taken_ += part.size();
    message_ += part;
    bytes.remove_prefix(part.size());
    if (message_.size() == message_bytes_) TakeMessage(now);
  }
  OpenWindow();
}

// The client may send on while the call keeps up.
void GrpcStream::OpenWindow() {
  if (closed_ == 0 || held_ > carrier_.options.window_bytes) return;
  wire_.ConsumeWindow(id_, std::exchange(closed_, 0));
}

void GrpcStream::OnEnd(Time now) {
  if (ended_) return;
  ended_ = true;
  last_message_ = now;
  if (finished_) return;
  if (!frame_head_.empty()) {
    return Finish({kInternal, "the stream ended within a message", {}});
  }
  if (call_) call_->OnEnd(*this);
}

void GrpcStream::CheckTimes(Time now) {
  const GrpcServerOptions& options = carrier_.options;
  if (finished_ && now > finished_at_ + options.write_timeout) {
    carrier_.timeouts.Add();
    return wire_.Reset(id_);
  }
  if (finished_ || !call_) return;
  std::string_view what;
  if (head_.deadline && now > *head_.deadline) what = "the call's deadline has passed";
  if (now > started_ + options.stream_timeout) what = "the call has lasted too long";
  const auto allowed =
      options.message_grace + std::chrono::seconds(message_.size() / options.message_rate_min);
  if (!ended_ && !frame_head_.empty() &&
      now > message_started_ + std::min<std::chrono::seconds>(allowed, options.message_timeout)) {
    what = "the message came too slowly";
  }
  const bool waits_for_client = !ended_ && frame_head_.empty() && held_ == 0;
  if (waits_for_client && now > last_message_ + options.stream_idle_timeout) {
    what = "the stream was silent for too long";
  }
  if (what.empty()) return;
  carrier_.timeouts.Add();
  Finish({kDeadlineExceeded, std::string(what), {}});
}

void GrpcStream::Step(const GrpcStep& step) {
  if (call_ && !finished_) step(*call_, *this);
}

void GrpcStream::Send(std::string_view message) {
  if (finished_) return;
  if (!head_sent_) {
    head_sent_ = true;
    wire_.SubmitHead(id_,
                     {{":status", "200"},
                      {"content-type", "application/grpc"},
                      {"grpc-accept-encoding", "identity,gzip,deflate"}},
                     false);
  }
  if (output_begin_ == output_.size()) {
    output_.clear();
    output_begin_ = 0;
  }
  AppendGrpcFrame(output_, message);
  wire_.ResumeData(id_);
}

void GrpcStream::Finish(const GrpcStatus& status) {
  if (finished_) return;
  finished_ = true;
  finished_at_ = std::chrono::steady_clock::now();
  status_ = status;
  carrier_.budget.Give(std::exchange(taken_, 0));
  held_ = 0;
  message_.clear();
  if (head_sent_) return wire_.ResumeData(id_);
  head_sent_ = true;
  HttpHeaders fields = {{":status", "200"},
                        {"content-type", "application/grpc"},
                        {"grpc-accept-encoding", "identity,gzip,deflate"}};
  for (auto& field : Trailers()) fields.push_back(std::move(field));
  wire_.SubmitHead(id_, fields, true);
}

HttpHeaders GrpcStream::Trailers() const {
  HttpHeaders fields = {{"grpc-status", fmt::format("{}", status_.code)}};
  if (!status_.message.empty()) {
    fields.emplace_back("grpc-message", EncodeGrpcMessage(status_.message));
  }
  for (const auto& [name, value] : status_.trailers) {
    fields.emplace_back(name, CleanFieldValue(value));
  }
  return fields;
}

void GrpcStream::Consumed(std::size_t bytes) {
  if (finished_) return;
  bytes = std::min(bytes, held_);
  held_ -= bytes;
  carrier_.budget.Give(bytes);
  taken_ -= bytes;
  last_message_ = std::max(last_message_, std::chrono::steady_clock::now());
  OpenWindow();
}

std::size_t GrpcStream::TakeOutput(char* to, std::size_t bytes_max, bool& done) {
  const std::size_t bytes = std::min(bytes_max, output_.size() - output_begin_);
  std::memcpy(to, output_.data() + output_begin_, bytes);
  output_begin_ += bytes;
  done = finished_ && output_begin_ == output_.size();
  return bytes;
}

}  // namespace mishap
