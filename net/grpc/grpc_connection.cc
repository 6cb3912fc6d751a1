#include "net/grpc/grpc_connection.h"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace mishap {
namespace {

constexpr std::size_t kOutputBytes = 64 << 10;      // of one write
constexpr std::size_t kOutputKeptBytes = 16 << 10;  // kept for the next one

}  // namespace

GrpcConnection::GrpcConnection(GrpcCarrier& carrier, GrpcSocket socket, std::uint64_t id,
                               std::string peer_ip, std::vector<char>& buffer,
                               std::function<void(std::uint64_t)> on_over)
    : carrier_(carrier),
      socket_(std::move(socket)),
      id_(id),
      buffer_(buffer),
      on_over_(std::move(on_over)),
      session_(carrier, id, std::move(peer_ip), std::chrono::steady_clock::now()) {
  carrier_.connections.Add(1);
}

GrpcConnection::~GrpcConnection() {
  carrier_.connections.Add(-1);
}

void GrpcConnection::Start() {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  if (carrier_.stopping) session_.GoAway();
  Flush();
}

// While an answer is on its way nothing is read: a client that does not take answers must not make
// us keep more of them.
void GrpcConnection::WaitForBytes() {
  if (reading_ || writing_ || over_ || broken_) return;
  reading_ = true;
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                     [this](const boost::system::error_code& ec) {
                       reading_ = false;
                       if (ec) over_ = true;
                       if (over_) return Flush();
                       OnReadable();
                     });
}

void GrpcConnection::OnReadable() {
  boost::system::error_code ec;
  const std::size_t bytes =
      socket_.read_some(boost::asio::buffer(buffer_.data(), buffer_.size()), ec);
  if (ec && ec != boost::asio::error::would_block) {
    over_ = true;
  } else if (!broken_ && bytes > 0) {
    broken_ = !session_.Feed({buffer_.data(), bytes}, std::chrono::steady_clock::now());
  }
  Flush();
}

// Sends, or ends: the only place where the connection dies.
void GrpcConnection::Flush() {
  if (!writing_ && !over_) {
    if (output_.capacity() > kOutputKeptBytes) output_.shrink_to_fit();
    output_.clear();
    session_.Output(output_, kOutputBytes);
    if (!output_.empty()) {
      writing_ = true;
      write_started_ = std::chrono::steady_clock::now();
      boost::asio::async_write(socket_, boost::asio::buffer(output_),
                               [this](const boost::system::error_code& ec, std::size_t) {
                                 writing_ = false;
                                 if (ec) over_ = true;
                                 Flush();
                               });
      return;
    }
    if (broken_ || session_.Over()) over_ = true;
  }
  if (!over_) return WaitForBytes();
  if (socket_.is_open()) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  if (!reading_ && !writing_) on_over_(id_);
}

void GrpcConnection::CheckTimes(Time now) {
  if (over_) return;
  if (writing_ && now > write_started_ + carrier_.options.write_timeout) {
    carrier_.timeouts.Add();
    return Abort();
  }
  if (!broken_ && !session_.CheckTimes(now)) broken_ = true;
  Flush();
}

void GrpcConnection::GoAway() {
  session_.GoAway();
  Flush();
}

void GrpcConnection::Step(std::int32_t stream, const GrpcStep& step) {
  if (!over_ && !broken_) session_.Step(stream, step);
}

void GrpcConnection::Abort() {
  over_ = true;
  Flush();
}

}  // namespace mishap
