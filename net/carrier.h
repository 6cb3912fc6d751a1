// What the connections of one HttpServer share, and how answers come back to them. No asio in here.
// Private to net.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/metrics.h"
#include "net/http_server.h"
#include "net/request_reader.h"

namespace mishap {

// Carries answers from any thread to the io thread. Outlives its loop for as long as somebody may
// still answer.
class Mailbox {
 public:
  struct Letter {
    std::uint64_t connection;
    std::uint64_t request;
    HttpMessageResponse response;
  };
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Put(Letter letter);
  std::vector<Letter> TakeAll();
  void Close();

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<Letter> letters_;
};

// The right to answer one request once. Let go unanswered, it answers 500: no client waits for
// ever.
class Reply {
 public:
  Reply(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
      : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}
  ~Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void Answer(HttpMessageResponse response);

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  const std::uint64_t request_;
  std::atomic_flag answered_;
};

// Writes the pieces of an answer that goes on, for as long as its connection lives.
class StreamWriter {
 public:
  StreamWriter(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
      : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}

  bool Write(std::string piece);
  void Close() { gone_ = true; }
  bool IsClosed() const { return gone_; }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  const std::uint64_t request_;
  std::atomic<bool> gone_{false};
};

struct Carrier {
  Carrier(const HttpServerOptions& o, HttpHandle h, Metrics& metrics);

  const HttpServerOptions options;
  const HttpHandle handle;
  BodyBudget budget;
  std::atomic<bool> stopping{false};
  Gauge& connections;
  Gauge& in_flight;
  Counter& refused;
  Counter& timeouts;
  std::array<Counter*, 6> requests{};  // by status / 100
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t open = 0;  // connections, under mutex

  // False: there are connections_max already.
  bool Opened();
  void Closed();
  bool WaitUntilNoneOpen(std::chrono::milliseconds time);
};

}  // namespace mishap
