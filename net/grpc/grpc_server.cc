// Listening, the io thread, the sweep over timeouts, shutdown.
#include "net/grpc/grpc_server.h"

#include <fmt/format.h>
#include <netinet/tcp.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "net/grpc/grpc_connection.h"
#include "net/grpc/grpc_mailbox.h"

namespace mishap {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Acceptor = tcp::acceptor::rebind_executor<Executor>::other;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr int kBacklog = 4096;
constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::chrono::milliseconds kSweepInterval{200};
constexpr std::chrono::milliseconds kAcceptPause{100};  // out of file descriptors
constexpr std::chrono::milliseconds kCloseTime{1000};   // after the grace of Shutdown
constexpr int kUserTimeoutMs = 60'000;                  // bytes nobody acknowledges: half-open

class AsioGrpcServer final : public GrpcServer {
 public:
  AsioGrpcServer(const GrpcServerOptions& options, GrpcOpen open, Metrics& metrics)
      : carrier_(options, std::move(open), metrics,
                 [this] { asio::post(io_, [this] { DeliverAll(); }); }),
        work_(io_.get_executor()),
        acceptor_(io_),
        sweep_(io_),
        pause_(io_),
        buffer_(kReadBytes) {}
  ~AsioGrpcServer() override { Shutdown(std::chrono::milliseconds(0)); }

  Status Listen();
  std::uint16_t Port() const override { return port_; }
  void Shutdown(std::chrono::milliseconds grace) override;

 private:
  void Accept();
  void Serve(GrpcSocket socket);
  void Sweep();
  void DeliverAll();
  void OnOver(std::uint64_t id);
  bool WaitUntilNoneOpen(std::chrono::milliseconds time);
  template <class F>
  void ForAll(F&& visit);

  asio::io_context io_{1};
  GrpcCarrier carrier_;
  asio::executor_work_guard<Executor> work_;
  Acceptor acceptor_;
  Timer sweep_;
  Timer pause_;
  std::vector<char> buffer_;  // what is read, for as long as it is fed
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<GrpcConnection>> connections_;
  std::uint16_t port_ = 0;
  std::once_flag shut_down_;
  std::mutex mutex_;
  std::condition_variable none_open_;
  std::size_t open_ = 0;  // under mutex_
  std::thread thread_;
};

Status AsioGrpcServer::Listen() {
  const GrpcServerOptions& options = carrier_.options;
  ErrorCode ec;
  const auto address =
      asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, ec);
  const tcp::endpoint endpoint(address, options.port);
  if (!ec) acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(kBacklog, ec);
  if (ec) {
    return Fail(Reason::kUnavailable, fmt::format("cannot listen for gRPC on {}:{}: {}",
                                                  options.host, options.port, ec.message()));
  }
  port_ = acceptor_.local_endpoint(ec).port();
  Accept();
  Sweep();
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

void AsioGrpcServer::Accept() {
  acceptor_.async_accept(io_, [this](ErrorCode ec, GrpcSocket socket) {
    if (carrier_.stopping || ec == asio::error::operation_aborted) return;
    if (!ec) {
      Serve(std::move(socket));
      return Accept();
    }
    Log(LogLevel::kWarning, "grpc_accept_failed", {{"error", ec.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](ErrorCode cancelled) {
      if (!cancelled && !carrier_.stopping) Accept();
    });
  });
}

void AsioGrpcServer::Serve(GrpcSocket socket) {
  if (connections_.size() >= carrier_.options.connections_max) {
    carrier_.refused.Add();
    return;  // closes
  }
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs,
             sizeof kUserTimeoutMs);
  const std::string peer = socket.remote_endpoint(ignored).address().to_string();
  const std::uint64_t id = ++last_id_;
  auto connection = std::make_unique<GrpcConnection>(carrier_, std::move(socket), id, peer, buffer_,
                                                     [this](std::uint64_t over) { OnOver(over); });
  GrpcConnection& fresh = *connection;
  {
    std::lock_guard lock(mutex_);
    ++open_;
  }
  connections_.emplace(id, std::move(connection));
  fresh.Start();
}

void AsioGrpcServer::OnOver(std::uint64_t id) {
  // Not now: the connection's own method is still running.
  asio::post(io_, [this, id] {
    if (connections_.erase(id) == 0) return;
    std::lock_guard lock(mutex_);
    if (--open_ == 0) none_open_.notify_all();
  });
}

template <class F>
void AsioGrpcServer::ForAll(F&& visit) {
  for (auto& [id, connection] : connections_) visit(*connection);
}

void AsioGrpcServer::Sweep() {
  sweep_.expires_after(kSweepInterval);
  sweep_.async_wait([this](ErrorCode ec) {
    if (ec) return;
    const auto now = std::chrono::steady_clock::now();
    ForAll([&](GrpcConnection& connection) { connection.CheckTimes(now); });
    Sweep();
  });
}

void AsioGrpcServer::DeliverAll() {
  std::vector<GrpcConnection*> touched;
  for (const GrpcMailbox::Letter& letter : carrier_.mailbox.TakeAll()) {
    auto it = connections_.find(letter.connection);
    if (it == connections_.end()) continue;
    it->second->Step(letter.stream, letter.step);
    if (touched.empty() || touched.back() != it->second.get()) touched.push_back(it->second.get());
  }
  for (GrpcConnection* connection : touched) connection->Flush();
}

bool AsioGrpcServer::WaitUntilNoneOpen(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return none_open_.wait_for(lock, time, [this] { return open_ == 0; });
}

void AsioGrpcServer::Shutdown(std::chrono::milliseconds grace) {
  std::call_once(shut_down_, [&] {
    asio::post(io_, [this] {
      carrier_.stopping = true;
      ErrorCode ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      ForAll([](GrpcConnection& connection) { connection.GoAway(); });
    });
    if (thread_.joinable() && !WaitUntilNoneOpen(grace)) {
      asio::post(io_, [this] { ForAll([](GrpcConnection& c) { c.Abort(); }); });
      WaitUntilNoneOpen(kCloseTime);
    }
    carrier_.mailbox.Close();
    io_.stop();
    if (thread_.joinable()) thread_.join();
    connections_.clear();
  });
}

}  // namespace

Result<std::unique_ptr<GrpcServer>> GrpcServer::Start(const GrpcServerOptions& options,
                                                      GrpcOpen open, Metrics& metrics) {
  auto server = std::make_unique<AsioGrpcServer>(options, std::move(open), metrics);
  if (Status listening = server->Listen(); !listening) return Fail(listening.error());
  return server;
}

}  // namespace mishap
