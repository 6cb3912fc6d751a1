// The HTTP server over real sockets: what a client sees when it is normal, slow, rude, gone, or
// when the server is full or shutting down. Plain POSIX sockets on the client's side.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/http_server.h"
#include "tests/e2e/raw_client.h"

namespace mishap {
namespace {

using namespace std::chrono_literals;
using Client = RawClient;

HttpMessageResponse Echo(const HttpMessageRequest& request) {
  HttpMessageResponse response;
  response.status = request.body_too_large ? 413 : 200;
  response.headers = {{"X-Path", request.path}, {"X-Peer", request.peer_ip}};
  response.body = fmt::format("{}:{}", request.method, request.body);
  return response;
}

void EchoHandle(HttpMessageRequest request, const HttpRespond& respond) {
  respond(Echo(request));
}

std::unique_ptr<HttpServer> StartServer(Metrics& metrics, HttpHandle handle = EchoHandle,
                                        HttpServerOptions options = {}) {
  auto server = HttpServer::Start(options, std::move(handle), metrics);
  EXPECT_TRUE(server.has_value()) << server.error().detail;
  return std::move(*server);
}

std::string Post(std::string_view body, std::string_view headers = "") {
  return fmt::format("POST /p HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", headers,
                     body.size(), body);
}

// Keeps requests for the test to answer from its own thread.
class Desk {
 public:
  HttpHandle Handle() {
    return [this](HttpMessageRequest, HttpRespond respond) {
      std::lock_guard lock(mutex_);
      responds_.push_back(std::move(respond));
      changed_.notify_all();
    };
  }
  std::vector<HttpRespond> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return responds_.size() >= count; });
    return std::exchange(responds_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpRespond> responds_;
};

TEST(NetServer, KeepsAConnectionForManyRequests) {
  Metrics metrics;
  auto server = StartServer(metrics);
  Client client(server->Port());
  for (int i = 0; i < 100; ++i) {
    client.Send(Post(std::to_string(i)));
    std::string response = client.Receive();
    EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
    EXPECT_TRUE(response.ends_with("POST:" + std::to_string(i))) << response;
  }
  EXPECT_NE(metrics.Exposition().find("mishap_http_requests_total{class=\"2xx\"} 100"),
            std::string::npos)
      << metrics.Exposition();
}

TEST(NetServer, AnswersPipelinedRequestsInOrder) {
  Metrics metrics;
  auto server = StartServer(metrics);
  Client client(server->Port());
  client.Send(Post("one") + Post("two") + "GET /x HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(client.Receive().ends_with("POST:one"));
  EXPECT_TRUE(client.Receive().ends_with("POST:two"));
  EXPECT_TRUE(client.Receive().ends_with("GET:"));
}

TEST(NetServer, TakesChunkedBodiesAndLargeOnes) {
  Metrics metrics;
  auto server = StartServer(metrics);
  Client client(server->Port());
  client.Send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_TRUE(client.Receive().ends_with("POST:abc"));
  std::string large(5 << 20, 'x');
  client.Send(Post(large));
  EXPECT_TRUE(client.Receive().ends_with("POST:" + large));
}

TEST(NetServer, AnswersExpectContinueAtOnce) {
  Metrics metrics;
  auto server = StartServer(metrics);
  Client client(server->Port());
  client.Send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.Receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("abc");
  EXPECT_TRUE(client.Receive().ends_with("POST:abc"));
}

TEST(NetServer, HeadHasNoBodyAndHttp10Closes) {
  Metrics metrics;
  auto server = StartServer(metrics);
  Client client(server->Port());
  client.Send("HEAD /h HTTP/1.1\r\n\r\nGET /g HTTP/1.0\r\n\r\n");
  std::string head = client.Receive(false);
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos) << head;
  std::string get = client.Receive();
  EXPECT_TRUE(get.starts_with("HTTP/1.1 200")) << get;
  EXPECT_NE(get.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(client.AtEnd());
}

TEST(NetServer, RefusesSmuggling) {
  Metrics metrics;
  HttpServerOptions options;
  options.refusal_headers = {{"Access-Control-Allow-Origin", "*"}};
  auto server = StartServer(metrics, EchoHandle, options);
  Client client(server->Port());
  client.Send(
      "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x");
  std::string response = client.Receive();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 400 ")) << response;
  EXPECT_NE(response.find("Access-Control-Allow-Origin: *"), std::string::npos);
  EXPECT_TRUE(client.AtEnd());
}

// B52: the answer to a body over the bound arrives; it is not lost to a reset.
TEST(NetServer, TooLargeIsDeliveredNotReset) {
  Metrics metrics;
  HttpServerOptions options;
  options.body_bytes_max = 1000;
  options.discard_bytes_max = 4 << 20;
  auto server = StartServer(metrics, EchoHandle, options);
  {
    Client client(server->Port());  // within the discard bound: the connection stays usable
    client.Send(Post(std::string(3 << 20, 'x')));
    EXPECT_TRUE(client.Receive().starts_with("HTTP/1.1 413 "));
    client.Send(Post("ok"));
    EXPECT_TRUE(client.Receive().ends_with("POST:ok"));
  }
  {
    Client client(server->Port());  // announced far beyond it: answered, then ended in order
    client.Send(fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", 6 << 20));
    EXPECT_TRUE(client.Send(std::string(3 << 20, 'x')));
    EXPECT_TRUE(client.Receive().starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST(NetServer, OverTheByteBudgetIs503) {
  Metrics metrics;
  Desk desk;
  HttpServerOptions options;
  options.in_flight_bytes_max = 1000;
  auto server = StartServer(metrics, desk.Handle(), options);
  Client first(server->Port());
  first.Send(Post(std::string(900, 'x')));
  auto responds = desk.WaitFor(1);
  ASSERT_EQ(responds.size(), 1u);
  Client second(server->Port());
  second.Send(Post(std::string(900, 'x')));
  std::string response = second.Receive();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 503 ")) << response;
  EXPECT_NE(response.find("Retry-After: "), std::string::npos);
  responds[0]({});
  EXPECT_TRUE(first.Receive().starts_with("HTTP/1.1 200 "));
  Client third(server->Port());
  third.Send(Post(std::string(900, 'x')));
  auto again = desk.WaitFor(1);
  ASSERT_EQ(again.size(), 1u);
  again[0]({});
  EXPECT_TRUE(third.Receive().starts_with("HTTP/1.1 200 "));
}

TEST(NetServer, SlowClientsGet408AndIdleOnesAreClosed) {
  Metrics metrics;
  HttpServerOptions options;
  options.header_timeout = 1s;
  options.body_idle_timeout = 1s;
  options.keep_alive_idle = 1s;
  auto server = StartServer(metrics, EchoHandle, options);
  Client silent(server->Port());
  Client half_header(server->Port());
  half_header.Send("POST / HT");
  Client half_body(server->Port());
  half_body.Send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  Client idle(server->Port());
  idle.Send(Post("x"));
  EXPECT_TRUE(idle.Receive().starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(half_header.Receive().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(half_body.Receive().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(silent.AtEnd());
  EXPECT_TRUE(idle.AtEnd());
}

// Bytes that come, but too slowly: the grace, then body_rate_min; at the rate until body_timeout.
TEST(NetServer, ABodyThatTricklesGets408) {
  Metrics metrics;
  HttpServerOptions options;
  options.body_grace = 1s;
  options.body_rate_min = 1000;
  options.body_timeout = 4s;
  auto server = StartServer(metrics, EchoHandle, options);
  const auto lives = [&](std::size_t bytes_each_100_ms) {
    Client client(server->Port());
    client.Send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
    const auto started = std::chrono::steady_clock::now();
    const std::string piece(bytes_each_100_ms, 'x');
    while (!client.HasAnswer() && client.Send(piece)) std::this_thread::sleep_for(100ms);
    const auto lived = std::chrono::steady_clock::now() - started;
    EXPECT_TRUE(client.Receive().starts_with("HTTP/1.1 408 "));
    return std::chrono::duration<double>(lived).count();
  };
  const double trickle = lives(1);
  EXPECT_GE(trickle, 0.9);
  EXPECT_LT(trickle, 3.5);
  EXPECT_GE(lives(300), 3.5);  // three times the rate
}

TEST(NetServer, ManyThreadsAnswerAndClientsMayBeGone) {
  Metrics metrics;
  Desk desk;
  HttpServerOptions options;
  options.io_threads = 2;
  auto server = StartServer(metrics, desk.Handle(), options);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<Client>(server->Port()));
    clients.back()->Send(Post("x"));
  }
  std::vector<HttpRespond> responds;
  while (responds.size() < clients.size()) {
    auto more = desk.WaitFor(1);
    ASSERT_FALSE(more.empty());
    for (auto& respond : more) responds.push_back(std::move(respond));
  }
  for (std::size_t i = 0; i < clients.size(); i += 2) clients[i]->Close();
  std::thread one([&] {
    for (std::size_t i = 0; i < 20; ++i) responds[i]({});
  });
  std::thread two([&] {
    for (std::size_t i = 20; i < 40; ++i) responds[i]({});
  });
  one.join();
  two.join();
  for (auto& respond : responds) respond({});  // a second answer is dropped
  for (std::size_t i = 1; i < clients.size(); i += 2) {
    EXPECT_TRUE(clients[i]->Receive().starts_with("HTTP/1.1 200 ")) << i;
  }
}

TEST(NetServer, AnUnansweredRequestEndsIn500) {
  Metrics metrics;
  auto server = StartServer(metrics, [](HttpMessageRequest, const HttpRespond&) {});
  Client client(server->Port());
  client.Send(Post("x"));
  EXPECT_TRUE(client.Receive().starts_with("HTTP/1.1 500 "));
  auto throwing = StartServer(
      metrics, [](HttpMessageRequest, const HttpRespond&) { throw std::runtime_error("bug"); });
  Client other(throwing->Port());
  other.Send(Post("x"));
  EXPECT_TRUE(other.Receive().starts_with("HTTP/1.1 500 "));
}

TEST(NetServer, ShutdownWaitsForRequestsInFlightAndClosesIdleOnes) {
  Metrics metrics;
  Desk desk;
  auto server = StartServer(metrics, desk.Handle());
  Client idle(server->Port());
  Client busy(server->Port());
  busy.Send(Post("x"));
  auto responds = desk.WaitFor(1);
  ASSERT_EQ(responds.size(), 1u);
  std::thread stopping([&] { server->Shutdown(20s); });
  EXPECT_TRUE(idle.AtEnd());  // proves that the shutdown has begun
  responds[0]({});
  EXPECT_NE(busy.Receive().find("Connection: close"), std::string::npos);
  stopping.join();
  EXPECT_FALSE(Client(server->Port()).Connected());
}

TEST(NetServer, AnswersAfterTheEndAreDropped) {
  Metrics metrics;
  Desk desk;
  auto server = StartServer(metrics, desk.Handle());
  Client client(server->Port());
  client.Send(Post("x"));
  auto responds = desk.WaitFor(1);
  ASSERT_EQ(responds.size(), 1u);
  server->Shutdown(0ms);
  EXPECT_TRUE(client.Receive().empty());
  server.reset();
  responds[0]({});
}

TEST(NetServer, TooManyConnectionsAreClosed) {
  Metrics metrics;
  HttpServerOptions options;
  options.connections_max = 2;
  auto server = StartServer(metrics, EchoHandle, options);
  Client one(server->Port());
  Client two(server->Port());
  one.Send(Post("x"));
  two.Send(Post("x"));
  one.Receive();
  two.Receive();
  Client three(server->Port());
  EXPECT_TRUE(three.AtEnd());
  one.Send(Post("still"));
  EXPECT_TRUE(one.Receive().ends_with("POST:still"));
}

TEST(NetServer, APortInUseIsAClearError) {
  Metrics metrics;
  auto server = StartServer(metrics);
  HttpServerOptions options;
  options.port = server->Port();
  auto second = HttpServer::Start(options, EchoHandle, metrics);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, Reason::kUnavailable);
  EXPECT_NE(second.error().detail.find(std::to_string(server->Port())), std::string::npos);
  options.host = "not-an-address";
  EXPECT_FALSE(HttpServer::Start(options, EchoHandle, metrics).has_value());
}

}  // namespace
}  // namespace mishap
