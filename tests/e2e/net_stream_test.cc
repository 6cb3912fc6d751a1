// Answers that go on, over real sockets: pieces as they come, and a client that does not read, that
// leaves, or a server that stops.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "net/http_server.h"
#include "tests/e2e/raw_client.h"

namespace mishap {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";

// Every request is answered by a stream whose end the test holds.
class StreamDesk {
 public:
  explicit StreamDesk(HttpServerOptions options = {}) {
    auto handle = [this](HttpMessageRequest, const HttpRespond& respond) {
      HttpMessageResponse response;
      response.body = "begin\n";
      response.stream = [this](HttpWrite write) {
        std::lock_guard lock(mutex_);
        write_ = std::move(write);
        changed_.notify_all();
      };
      respond(std::move(response));
    };
    auto server = HttpServer::Start(options, handle, metrics_);
    EXPECT_TRUE(server.has_value());
    server_ = std::move(*server);
  }
  std::uint16_t Port() const { return server_->Port(); }
  HttpWrite WaitForStream() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [this] { return write_ != nullptr; });
    return std::exchange(write_, nullptr);
  }
  bool IsOpen() const {
    return metrics_.Exposition().find("mishap_http_connections 0") == std::string::npos;
  }
  HttpServer& Server() { return *server_; }

 private:
  Metrics metrics_;
  std::mutex mutex_;
  std::condition_variable changed_;
  HttpWrite write_;
  std::unique_ptr<HttpServer> server_;  // ends first: its threads call the lambda above
};

std::string ReceiveUntil(RawClient& client, std::string_view end) {
  std::string out;
  while (out.find(end) == std::string::npos) {
    const std::string more = client.ReceiveSome();
    if (more.empty()) break;
    out += more;
  }
  return out;
}

// What Write says until it says no; false: it never did.
bool WritesUntilRefused(const HttpWrite& write, const std::string& piece, int pieces_max) {
  for (int i = 0; i < pieces_max; ++i) {
    if (!write(piece)) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

TEST(NetStream, CarriesPiecesAsTheyComeAndEnds) {
  StreamDesk desk;
  RawClient client(desk.Port());
  client.Send(kGet);
  const HttpWrite write = desk.WaitForStream();
  const std::string head = ReceiveUntil(client, "begin\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
  EXPECT_NE(head.find("Connection: close"), std::string::npos) << head;
  EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
  EXPECT_TRUE(write("one\n"));
  EXPECT_EQ(ReceiveUntil(client, "one\n"), "one\n");
  EXPECT_TRUE(write("two\n"));
  EXPECT_EQ(ReceiveUntil(client, "two\n"), "two\n");
  write({});
  EXPECT_TRUE(client.AtEnd());
  EXPECT_TRUE(WritesUntilRefused(write, "late", 5'000));
}

TEST(NetStream, HeadHasNoStream) {
  StreamDesk desk;
  RawClient client(desk.Port());
  client.Send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.Receive(false).starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(client.Receive(false).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(NetStream, AClientThatLeavesIsNoticedWithoutAPiece) {
  StreamDesk desk;
  RawClient client(desk.Port());
  client.Send(kGet);
  const HttpWrite write = desk.WaitForStream();
  ReceiveUntil(client, "begin\n");
  EXPECT_TRUE(desk.IsOpen());
  client.Close();
  for (int i = 0; i < 5'000 && desk.IsOpen(); ++i) std::this_thread::sleep_for(1ms);
  EXPECT_FALSE(desk.IsOpen());
  EXPECT_FALSE(write("to nobody"));
}

TEST(NetStream, AClientThatDoesNotReadIsDropped) {
  HttpServerOptions options;
  options.stream_bytes_max = 64 << 10;
  StreamDesk desk(options);
  RawClient client(desk.Port());
  client.Send(kGet);
  const HttpWrite write = desk.WaitForStream();
  // What the kernel takes for a client that does not read is a few MiB; then it is our turn.
  EXPECT_TRUE(WritesUntilRefused(write, std::string(32 << 10, 'x'), 10'000));
  for (int i = 0; i < 5'000 && desk.IsOpen(); ++i) std::this_thread::sleep_for(1ms);
  EXPECT_FALSE(desk.IsOpen());
}

TEST(NetStream, AStopEndsStreamsInOrder) {
  StreamDesk desk;
  RawClient client(desk.Port());
  client.Send(kGet);
  const HttpWrite write = desk.WaitForStream();
  ReceiveUntil(client, "begin\n");
  const auto begun = std::chrono::steady_clock::now();
  desk.Server().Shutdown(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_FALSE(write("late"));
}

}  // namespace
}  // namespace mishap
