// The server: listening, io threads, deadlines, shutdown. Each io thread runs one io_context and
// owns its connections, so a connection needs no lock; only Mailbox is shared with other threads.
#include "net/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/log.h"
#include "net/http_connection.h"

namespace mishap {
namespace {

using Acceptor = tcp::acceptor::rebind_executor<Executor>::other;

constexpr int kBacklog = 4096;
constexpr std::chrono::milliseconds kSweepInterval{200};
constexpr std::chrono::milliseconds kAcceptPause{100};  // out of file descriptors
constexpr std::chrono::milliseconds kCloseTime{1000};   // after the grace of Shutdown

// One io thread and its connections.
class Loop {
 public:
  explicit Loop(Carrier& shared);

  void Start() {
    Sweep();
    thread_ = std::thread([this] { io.run(); });
  }
  void Serve(Socket socket);
  // From any thread.
  void CloseIdle();
  void AbortAll();
  void Stop();

 private:
  void Sweep();
  void DeliverAll();

  LoopState state_;  // before io: connections die with it
  std::uint64_t last_id_ = 0;

 public:
  asio::io_context io{1};

 private:
  asio::executor_work_guard<Executor> work_;
  Timer sweep_;
  std::thread thread_;
};

// Owns the connection for as long as its coroutine lives.
Task<void> RunConnection(std::unique_ptr<Connection> connection) {
  co_await connection->Run();
}

void OnConnectionEnd(std::exception_ptr error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "http_connection_failed", {{"what", e.what()}});
  }
}

Loop::Loop(Carrier& shared) : state_(shared), work_(io.get_executor()), sweep_(io) {
  state_.mailbox = std::make_shared<Mailbox>([this] { asio::post(io, [this] { DeliverAll(); }); });
}

void Loop::Serve(Socket socket) {
  if (state_.carrier.stopping) {
    state_.carrier.Closed();
    return;
  }
  auto connection = std::make_unique<Connection>(state_, std::move(socket), ++last_id_);
  asio::co_spawn(io.get_executor(), RunConnection(std::move(connection)), OnConnectionEnd);
}

void Loop::DeliverAll() {
  for (Mailbox::Letter& letter : state_.mailbox->TakeAll()) {
    auto it = state_.connections.find(letter.connection);
    if (it != state_.connections.end())
      it->second->Deliver(letter.request, std::move(letter.response));
  }
}

void Loop::Sweep() {
  sweep_.expires_after(kSweepInterval);
  sweep_.async_wait([this](ErrorCode ec) {
    if (ec) return;
    SteadyTime now = std::chrono::steady_clock::now();
    for (auto& [id, connection] : state_.connections) connection->CheckDeadline(now);
    Sweep();
  });
}

void Loop::CloseIdle() {
  asio::post(io, [this] {
    for (auto& [id, connection] : state_.connections) connection->CloseIfIdle();
  });
}

void Loop::AbortAll() {
  asio::post(io, [this] {
    for (auto& [id, connection] : state_.connections) connection->Abort();
  });
}

void Loop::Stop() {
  state_.mailbox->Close();
  io.stop();
  if (thread_.joinable()) thread_.join();
}

class AsioServer final : public HttpServer {
 public:
  AsioServer(const HttpServerOptions& options, HttpHandle handle, Metrics& metrics)
      : carrier_(options, std::move(handle), metrics) {
    for (int i = 0; i < std::max(1, options.io_threads); ++i) {
      loops_.push_back(std::make_unique<Loop>(carrier_));
    }
    acceptor_.emplace(loops_[0]->io);
    pause_.emplace(loops_[0]->io);
  }
  ~AsioServer() override {
    Shutdown(std::chrono::milliseconds(0));
    pause_.reset();
    acceptor_.reset();
  }

  Status Listen();
  std::uint16_t Port() const override { return port_; }
  void Shutdown(std::chrono::milliseconds grace) override;

 private:
  void Accept();
  void OnAccepted(Loop& loop, Socket socket);

  Carrier carrier_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> pause_;
  std::size_t next_loop_ = 0;
  std::uint16_t port_ = 0;
  std::once_flag shut_down_;
};

Status AsioServer::Listen() {
  const auto& options = carrier_.options;
  auto fail = [&](const ErrorCode& ec) {
    return Fail(Reason::kUnavailable, fmt::format("cannot listen on {}:{}: {}", options.host,
                                                  options.port, ec.message()));
  };
  ErrorCode ec;
  auto address =
      asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, ec);
  if (ec) return fail(ec);
  tcp::endpoint endpoint(address, options.port);
  acceptor_->open(endpoint.protocol(), ec);
  if (!ec) acceptor_->set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_->bind(endpoint, ec);
  if (!ec) acceptor_->listen(kBacklog, ec);
  if (ec) return fail(ec);
  port_ = acceptor_->local_endpoint(ec).port();
  for (auto& loop : loops_) loop->Start();
  asio::post(loops_[0]->io, [this] { Accept(); });
  return {};
}

void AsioServer::Accept() {
  Loop& loop = *loops_[next_loop_++ % loops_.size()];
  acceptor_->async_accept(loop.io, [this, &loop](ErrorCode ec, Socket socket) {
    if (carrier_.stopping || ec == asio::error::operation_aborted) return;
    if (!ec) {
      OnAccepted(loop, std::move(socket));
      Accept();
      return;
    }
    // Most likely out of file descriptors: the backlog keeps the clients while others finish.
    Log(LogLevel::kWarning, "http_accept_failed", {{"error", ec.message()}});
    pause_->expires_after(kAcceptPause);
    pause_->async_wait([this](ErrorCode cancelled) {
      if (!cancelled && !carrier_.stopping) Accept();
    });
  });
}

void AsioServer::OnAccepted(Loop& loop, Socket socket) {
  if (!carrier_.Opened()) {
    carrier_.refused.Add();
    return;  // closes
  }
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  asio::post(loop.io, [&loop, s = std::move(socket)]() mutable { loop.Serve(std::move(s)); });
}

void AsioServer::Shutdown(std::chrono::milliseconds grace) {
  std::call_once(shut_down_, [&] {
    carrier_.stopping = true;
    asio::post(loops_[0]->io, [this] {
      ErrorCode ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    });
    for (auto& loop : loops_) loop->CloseIdle();
    if (!carrier_.WaitUntilNoneOpen(grace)) {
      for (auto& loop : loops_) loop->AbortAll();
      carrier_.WaitUntilNoneOpen(kCloseTime);
    }
    for (auto& loop : loops_) loop->Stop();
  });
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                      HttpHandle handle, Metrics& metrics) {
  auto server = std::make_unique<AsioServer>(options, std::move(handle), metrics);
  if (Status listening = server->Listen(); !listening) return Fail(listening.error());
  return server;
}

}  // namespace mishap
