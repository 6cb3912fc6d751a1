// Connection: one client, served by one coroutine on one io thread. Private to net; with
// http_server.cc the only place that includes asio. g++ 12: inside a co_await expression stand
// names and moves only, no braces and no lambdas (it destroys such temporaries twice).
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/carrier.h"
#include "net/http.h"
#include "net/request_reader.h"

namespace mishap {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = tcp::socket::rebind_executor<Executor>::other;
using Acceptor = tcp::acceptor::rebind_executor<Executor>::other;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;
template <class T>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> kAwait;
inline constexpr auto kAwaitTuple = asio::as_tuple(kAwait);

inline constexpr SteadyTime kNever = SteadyTime::max();

class Connection;

// What the connections of one io thread share; touched by that thread only.
struct LoopState {
  explicit LoopState(Carrier& shared) : carrier(shared) {}
  std::string_view Date();  // now, for the Date header

  Carrier& carrier;
  std::shared_ptr<Mailbox> mailbox;
  std::unordered_map<std::uint64_t, Connection*> connections;

 private:
  std::int64_t date_second_ = -1;
  std::string date_;
};

class Connection {
 public:
  Connection(LoopState& loop, Socket socket, std::uint64_t id);
  ~Connection();

  Task<void> Run();

  // From the loop's thread.
  void Deliver(std::uint64_t request, HttpMessageResponse response);
  void CheckDeadline(SteadyTime now);
  void CloseIfIdle();
  void Abort();

 private:
  Task<bool> ReadRequest();
  Task<bool> Exchange();
  Task<bool> Write(HttpMessageResponse response);
  Task<void> Stream(std::function<void(HttpWrite)> start);
  Task<void> Refuse(int status, std::string_view detail);
  Task<void> Linger();
  Task<bool> ReadSome();
  void FeedReader();
  void StartBody();
  SteadyTime BodyDeadline() const;
  void Ask();
  void TakePiece(std::string piece);
  void WatchForEnd(std::shared_ptr<StreamWriter> writer);
  bool Expired() const { return expired_ || aborted_; }

  LoopState& loop_;
  Socket socket_;
  Timer wake_;
  const std::uint64_t id_;
  std::uint64_t request_ = 0;
  std::string peer_ip_;
  RequestReader reader_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // unread bytes are [begin_, end_)
  std::size_t end_ = 0;
  SteadyTime deadline_ = kNever;
  SteadyTime body_started_ = kNever;
  std::uint64_t body_bytes_ = 0;  // read since
  std::optional<HttpMessageResponse> response_;
  std::string pieces_;  // of an answer that goes on, not yet written
  bool streaming_ = false;
  bool stream_ended_ = false;
  bool waiting_ = false;  // for the door
  bool idle_ = true;      // between requests
  bool head_ = false;     // HEAD: no body in the answer
  bool keep_alive_ = true;
  bool expired_ = false;
  bool aborted_ = false;
};

}  // namespace mishap
