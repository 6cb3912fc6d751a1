// RequestReader: the bytes of one connection in, HTTP/1.x requests out, within bounds. Framing
// only: no socket, no clock, no answer. Boost.Beast's parser is inside request_reader.cc.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"

namespace mishap {

// Bytes of request bodies held by all connections together.
class BodyBudget {
 public:
  explicit BodyBudget(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  bool TryTake(std::uint64_t bytes);
  void Give(std::uint64_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::uint64_t Taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t bytes_max_;
  std::atomic<std::uint64_t> taken_{0};
};

struct RequestBounds {
  std::uint32_t header_bytes_max = 64 << 10;
  std::uint64_t body_bytes_max = 40ull << 20;     // above: the body is discarded, body_too_large
  std::uint64_t discard_bytes_max = 64ull << 20;  // of the whole body; above: kBodyRefused
};

class RequestReader {
 public:
  enum class State {
    kHeader,       // the header is not complete
    kBody,         // the header is complete, the body is not
    kDone,         // Take() gives the request; the connection may go on
    kBodyRefused,  // Take() gives the request without its body, of which more is coming: answer,
                   // then close
    kOverloaded,   // the budget is used up: answer 503, then close
    kBroken,       // not HTTP, or beyond the header bound (header, a chunk's line, trailer):
                   // answer RefusalStatus(), then close
  };

  RequestReader(const RequestBounds& bounds, BodyBudget& budget);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Forgets the request and gives its bytes back to the budget.
  void Reset();

  // Takes what it can use of `bytes`, which start where the last call stopped consuming; returns
  // how many. What is left belongs to a later call (with more behind it) or to the next request.
  std::size_t Feed(std::string_view bytes);
  State Current() const { return state_; }

  // In kBody: the client waits for "100 Continue" before it sends the body.
  bool ExpectsContinue() const;
  bool KeepAlive() const;    // what the client asked for, by its version and Connection header
  int VersionMinor() const;  // 0 or 1
  int RefusalStatus() const { return refusal_status_; }
  std::string_view RefusalDetail() const { return refusal_detail_; }

  // peer_ip is not set. Call once, in kDone or kBodyRefused. The budget stays taken until Reset.
  HttpMessageRequest Take();

 private:
  struct Parser;

  void OnHeaderDone();
  bool AsksToContinue() const;
  void Break(int status, std::string_view detail);

  const RequestBounds bounds_;
  BodyBudget& budget_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::kHeader;
  int refusal_status_ = 400;
  std::string_view refusal_detail_;
};

}  // namespace mishap
