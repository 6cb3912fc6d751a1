// The gRPC carrier over real sockets, with timeouts short enough to wait for: clients that are
// slow, silent, half-open, rude, or do not read. Frames are written by hand: no honest client sends
// these. Calls of real clients are the Python suite's (grpc_door.py).
#include "net/grpc/grpc_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

namespace mishap {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr char kData = 0;
constexpr char kHeaders = 1;
constexpr char kRstStream = 3;
constexpr char kSettings = 4;
constexpr char kPing = 6;
constexpr char kEndHeaders = 4;
constexpr char kEndStream = 1;

std::string Frame(char kind, char flags, std::uint8_t stream, std::string_view payload = {}) {
  std::string out;
  for (int shift : {16, 8, 0}) out.push_back(static_cast<char>(payload.size() >> shift));
  out += {kind, flags, 0, 0, 0, static_cast<char>(stream)};
  out += payload;
  return out;
}

std::string Field(std::string_view name, std::string_view value) {
  std::string out(1, '\0');
  out.push_back(static_cast<char>(name.size()));
  out += name;
  out.push_back(static_cast<char>(value.size()));
  out += value;
  return out;
}

std::string Head() {
  return Field(":method", "POST") + Field(":scheme", "http") + Field(":path", "/a.B/C") +
         Field(":authority", "t") + Field("content-type", "application/grpc");
}

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0);

class Socket {
 public:
  explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval limit{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Socket() { ::close(fd_); }
  void Send(std::string_view bytes) const { ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // Reads until the server closes; how long that took, or 20 s.
  Seconds UntilClosed() {
    const auto started = std::chrono::steady_clock::now();
    char bytes[4096];
    for (ssize_t n = 1; n > 0;) {
      n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n > 0) received_.append(bytes, static_cast<std::size_t>(n));
    }
    return std::chrono::steady_clock::now() - started;
  }
  // Reads until a frame of this kind came. False: closed before.
  bool WaitFor(char kind) {
    char bytes[4096];
    for (;;) {
      for (std::size_t at = 0; at + 9 <= received_.size();) {
        const auto* p = reinterpret_cast<const unsigned char*>(received_.data()) + at;
        if (static_cast<char>(p[3]) == kind) return true;
        at += 9u +
              (static_cast<std::size_t>(p[0]) << 16 | static_cast<std::size_t>(p[1]) << 8 | p[2]);
      }
      const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n <= 0) return false;
      received_.append(bytes, static_cast<std::size_t>(n));
    }
  }
  const std::string& Received() const { return received_; }

 private:
  int fd_;
  std::string received_;
};

// Keeps its messages; answers `answer_bytes` at the end of the request.
class Quiet final : public GrpcCall {
 public:
  explicit Quiet(std::size_t answer_bytes) : answer_bytes_(answer_bytes) {}
  void OnMessage(GrpcPort& port, GrpcMessage message) override {
    port.Consumed(message.bytes.size());
  }
  void OnEnd(GrpcPort& port) override {
    port.Send(std::string(answer_bytes_, 'a'));
    port.Finish({});
  }

 private:
  const std::size_t answer_bytes_;
};

class GrpcServerTest : public testing::Test {
 protected:
  void Start(const GrpcServerOptions& options, std::size_t answer_bytes = 1) {
    auto server = GrpcServer::Start(
        options,
        [answer_bytes](const GrpcCallHead&, const GrpcAddress&) -> GrpcOpening {
          return std::make_unique<Quiet>(answer_bytes);
        },
        metrics_);
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
  }
  std::int64_t Timeouts() { return metrics_.GetCounter("mishap_grpc_timeouts_total", "").Value(); }
  std::int64_t Connections() { return metrics_.GetGauge("mishap_grpc_connections", "").Value(); }
  // The gauge follows the close a moment later, which a client cannot see.
  void ExpectNoConnections() {
    for (int i = 0; i < 100 && Connections() > 0; ++i) std::this_thread::sleep_for(50ms);
    EXPECT_EQ(Connections(), 0);
  }
  std::int64_t Calls() { return metrics_.GetGauge("mishap_grpc_calls_in_flight", "").Value(); }

  Metrics metrics_;
  std::unique_ptr<GrpcServer> server_;
};

void ExpectAbout(Seconds took, double seconds) {
  EXPECT_GT(took.count(), seconds * 0.8);
  EXPECT_LT(took.count(), seconds + 5);
}

TEST_F(GrpcServerTest, OneThatNeverGreetsIsClosed) {
  GrpcServerOptions options;
  options.preface_timeout = 1s;
  Start(options);
  ExpectAbout(Socket(server_->Port()).UntilClosed(), 1);
  EXPECT_EQ(Timeouts(), 1);
  ExpectNoConnections();
}

TEST_F(GrpcServerTest, Http1IsClosedAtOnce) {
  Start({});
  Socket client(server_->Port());
  client.Send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_LT(client.UntilClosed().count(), 2);
}

TEST_F(GrpcServerTest, SlowHeadersAreClosed) {
  GrpcServerOptions options;
  options.headers_timeout = 1s;
  Start(options);
  Socket client(server_->Port());
  client.Send(kPreface + Frame(kHeaders, 0, 1, Head()));  // CONTINUATION should follow
  ExpectAbout(client.UntilClosed(), 1);
}

// Half-open: the peer's machine is gone, nobody answers the PING.
TEST_F(GrpcServerTest, OneThatDoesNotAnswerPingIsClosed) {
  GrpcServerOptions options;
  options.keepalive_time = 1s;
  options.keepalive_timeout = 1s;
  Start(options);
  Socket client(server_->Port());
  client.Send(kPreface);
  ExpectAbout(client.UntilClosed(), 2);
  EXPECT_TRUE(client.WaitFor(kPing));
  // The socket closes before the carrier has forgotten the connection.
  ExpectNoConnections();
}

TEST_F(GrpcServerTest, SlowMessageAndSilentStreamEnd) {
  GrpcServerOptions options;
  options.message_grace = 1s;
  options.stream_idle_timeout = 1s;
  Start(options);
  Socket slow(server_->Port());
  slow.Send(kPreface + Frame(kHeaders, kEndHeaders, 1, Head()) +
            Frame(kData, 0, 1, std::string_view("\0\0\0\0\5h", 6)));
  EXPECT_TRUE(slow.WaitFor(kHeaders));  // the trailers
  Socket silent(server_->Port());
  silent.Send(kPreface + Frame(kHeaders, kEndHeaders, 1, Head()));
  EXPECT_TRUE(silent.WaitFor(kHeaders));
  EXPECT_EQ(Timeouts(), 2);
}

// The client asks for 4 MiB and never opens its window.
TEST_F(GrpcServerTest, AnAnswerNobodyTakesIsThrownAway) {
  GrpcServerOptions options;
  options.write_timeout = 1s;
  Start(options, 4 << 20);
  Socket client(server_->Port());
  client.Send(kPreface + Frame(kHeaders, kEndHeaders, 1, Head()) +
              Frame(kData, kEndStream, 1, std::string_view("\0\0\0\0\1h", 6)));
  EXPECT_TRUE(client.WaitFor(kRstStream));
  EXPECT_LT(client.Received().size(), 100'000u);
  EXPECT_EQ(Calls(), 0);
  EXPECT_EQ(Timeouts(), 1);
}

TEST_F(GrpcServerTest, AnIdleConnectionIsSentAway) {
  GrpcServerOptions options;
  options.connection_idle = 1s;
  Start(options);
  Socket client(server_->Port());
  client.Send(kPreface);
  ExpectAbout(client.UntilClosed(), 1);
}

TEST_F(GrpcServerTest, MoreConnectionsThanMayBeAreClosed) {
  GrpcServerOptions options;
  options.connections_max = 1;
  Start(options);
  Socket first(server_->Port());
  first.Send(kPreface);
  ASSERT_TRUE(first.WaitFor(kSettings));
  EXPECT_LT(Socket(server_->Port()).UntilClosed().count(), 2);
  first.Send(Frame(kPing, 0, 0, "12345678"));
  EXPECT_TRUE(first.WaitFor(kPing));
}

TEST_F(GrpcServerTest, MessagesInFlightAreBounded) {
  GrpcServerOptions options;
  options.in_flight_bytes_max = 1000;
  Start(options);
  Socket client(server_->Port());
  std::string message("\0\0\0\x07\xD0", 5);  // 2,000 bytes
  client.Send(kPreface + Frame(kHeaders, kEndHeaders, 1, Head()) +
              Frame(kData, 0, 1, message + std::string(2000, 'm')));
  EXPECT_TRUE(client.WaitFor(kHeaders));
  EXPECT_EQ(Timeouts(), 0);
}

TEST_F(GrpcServerTest, ShutdownEndsIdleConnectionsAtOnceAndOthersAfterTheGrace) {
  Start({});
  Socket idle(server_->Port());
  idle.Send(kPreface);
  Socket busy(server_->Port());
  busy.Send(kPreface + Frame(kHeaders, kEndHeaders, 1, Head()));
  ASSERT_TRUE(idle.WaitFor(kSettings));
  while (Calls() == 0) std::this_thread::yield();
  const auto started = std::chrono::steady_clock::now();
  server_->Shutdown(1s);
  EXPECT_LT(Seconds(std::chrono::steady_clock::now() - started).count(), 4);
  EXPECT_LT(idle.UntilClosed().count(), 1);
  EXPECT_LT(busy.UntilClosed().count(), 1);
  ExpectNoConnections();
}

}  // namespace
}  // namespace mishap
