#include "net/http_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "base/json_writer.h"
#include "base/log.h"
#include "net/http_text.h"

namespace mishap {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;       // an empty buffer must not start with tiny reads
constexpr std::size_t kLargeReadBytes = 64 << 10;  // while a body is coming
constexpr std::chrono::seconds kLingerTime{
    5};  // reading on so that the answer is not lost to a reset
constexpr std::string_view kContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";

std::string PeerIp(const Socket& socket) {
  ErrorCode ec;
  auto endpoint = socket.remote_endpoint(ec);
  if (ec) return {};
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

// However an answer that goes on ends, its writer hears of it.
class StreamEnd {
 public:
  explicit StreamEnd(std::shared_ptr<StreamWriter> writer) : writer_(std::move(writer)) {}
  ~StreamEnd() { writer_->Close(); }
  StreamEnd(const StreamEnd&) = delete;
  StreamEnd& operator=(const StreamEnd&) = delete;

 private:
  const std::shared_ptr<StreamWriter> writer_;
};

}  // namespace

std::string_view LoopState::Date() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (second != date_second_) {
    date_second_ = second;
    date_ = HttpDate(second);
  }
  return date_;
}

Connection::Connection(LoopState& loop, Socket socket, std::uint64_t id)
    : loop_(loop),
      socket_(std::move(socket)),
      wake_(socket_.get_executor()),
      id_(id),
      peer_ip_(PeerIp(socket_)),
      reader_({loop.carrier.options.header_bytes_max, loop.carrier.options.body_bytes_max,
               loop.carrier.options.discard_bytes_max},
              loop.carrier.budget),
      buffer_(kReadBytes) {
  loop_.connections[id_] = this;
}

Connection::~Connection() {
  loop_.connections.erase(id_);
  loop_.carrier.Closed();
}

void Connection::Deliver(std::uint64_t request, HttpMessageResponse response) {
  if (request != request_) return;
  if (streaming_) return TakePiece(std::move(response.body));
  if (response_) return;
  response_ = std::move(response);
  wake_.cancel();
}

// A client that does not read is let go rather than remembered for.
void Connection::TakePiece(std::string piece) {
  if (piece.empty()) stream_ended_ = true;
  pieces_ += piece;
  if (pieces_.size() > loop_.carrier.options.stream_bytes_max) return Abort();
  wake_.cancel();
}

// Nothing is read while an answer goes on, so a client that has left would show only at the next
// piece. What a client sends meanwhile is left unread.
void Connection::WatchForEnd(std::shared_ptr<StreamWriter> writer) {
  socket_.async_wait(tcp::socket::wait_read, [this, writer](ErrorCode ec) {
    if (writer->IsClosed()) return;  // so is this connection
    ErrorCode ignored;
    if (ec || socket_.available(ignored) == 0) Abort();
  });
}

void Connection::CheckDeadline(SteadyTime now) {
  if (deadline_ > now || expired_) return;
  expired_ = true;
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void Connection::CloseIfIdle() {
  keep_alive_ = false;
  if (streaming_) TakePiece({});
  if (idle_) Abort();
}

void Connection::Abort() {
  aborted_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
  wake_.cancel();
}

Task<void> Connection::Run() {
  deadline_ = std::chrono::steady_clock::now() + loop_.carrier.options.header_timeout;
  bool more = true;
  while (more) {
    more = co_await ReadRequest();
    if (more) more = co_await Exchange();
    if (more) {
      deadline_ = std::chrono::steady_clock::now() + loop_.carrier.options.keep_alive_idle;
      reader_.Reset();
    }
  }
  ErrorCode ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

// True when the reader holds a request for the door.
Task<bool> Connection::ReadRequest() {
  using State = RequestReader::State;
  const auto& options = loop_.carrier.options;
  idle_ = begin_ == end_;
  if (!idle_) deadline_ = std::chrono::steady_clock::now() + options.header_timeout;
  body_started_ = kNever;
  bool continued = false;
  for (;;) {
    FeedReader();
    State state = reader_.Current();
    if (state == State::kDone || state == State::kBodyRefused) co_return true;
    if (state == State::kOverloaded) {
      co_await Refuse(503, "too many request bodies are in flight; try again later");
      co_return false;
    }
    if (state == State::kBroken) {
      const int status = reader_.RefusalStatus();
      const std::string_view detail = reader_.RefusalDetail();
      co_await Refuse(status, detail);
      co_return false;
    }
    if (state == State::kBody) {
      if (body_started_ == kNever) StartBody();
      deadline_ = BodyDeadline();
      if (!continued && reader_.ExpectsContinue()) {
        asio::const_buffer line = asio::buffer(kContinueLine);
        auto [ec, n] = co_await asio::async_write(socket_, line, kAwaitTuple);
        if (ec) co_return false;
      }
      continued = true;
    }
    bool was_idle = idle_;
    bool read = co_await ReadSome();
    if (read) {
      body_bytes_ += end_ - begin_;
      idle_ = false;
      if (was_idle) deadline_ = std::chrono::steady_clock::now() + options.header_timeout;
      continue;
    }
    if (expired_ && !aborted_ && !idle_) {
      loop_.carrier.timeouts.Add();
      co_await Refuse(408, "the request took too long to arrive");
    }
    co_return false;
  }
}

void Connection::StartBody() {
  body_started_ = std::chrono::steady_clock::now();
  body_bytes_ = 0;
}

// When to give up if nothing more comes. Every byte buys 1 / body_rate_min of a second, so a body
// at one byte a second ends with the grace, and one at the rate lives until body_timeout.
SteadyTime Connection::BodyDeadline() const {
  const auto& options = loop_.carrier.options;
  const auto bought = std::chrono::milliseconds(1000 * body_bytes_ /
                                                std::max<std::uint64_t>(1, options.body_rate_min));
  const SteadyTime now = std::chrono::steady_clock::now();
  return std::min({body_started_ + options.body_timeout, now + options.body_idle_timeout,
                   body_started_ + options.body_grace + bought});
}

void Connection::FeedReader() {
  while (begin_ < end_) {
    std::size_t used = reader_.Feed(std::string_view(buffer_.data() + begin_, end_ - begin_));
    begin_ += used;
    auto state = reader_.Current();
    bool open = state == RequestReader::State::kHeader || state == RequestReader::State::kBody;
    if (used == 0 || !open) break;
  }
  if (begin_ == end_) begin_ = end_ = 0;
}

Task<bool> Connection::ReadSome() {
  if (Expired()) co_return false;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  // The reader gives up at its header bound, so this growth is bounded too.
  if (end_ == buffer_.size()) buffer_.resize(std::max(buffer_.size() * 2, kLargeReadBytes));
  asio::mutable_buffer room = asio::buffer(buffer_.data() + end_, buffer_.size() - end_);
  auto [ec, n] = co_await socket_.async_read_some(room, kAwaitTuple);
  if (ec || Expired()) co_return false;
  end_ += n;
  co_return true;
}

// Hands the request on; no coroutine, so lambdas are fine here.
void Connection::Ask() {
  HttpMessageRequest request = reader_.Take();
  request.peer_ip = peer_ip_;
  head_ = request.method == "HEAD";
  keep_alive_ = keep_alive_ && reader_.KeepAlive();
  auto reply = std::make_shared<Reply>(loop_.mailbox, id_, ++request_);
  loop_.carrier.in_flight.Set(static_cast<std::int64_t>(loop_.carrier.budget.Taken()));
  try {
    loop_.carrier.handle(std::move(request), [reply](HttpMessageResponse response) {
      reply->Answer(std::move(response));
    });
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "http_handle_threw", {{"what", e.what()}});  // ~Reply answers 500
  }
}

// True when the connection may take another request.
Task<bool> Connection::Exchange() {
  const bool body_refused = reader_.Current() == RequestReader::State::kBodyRefused;
  deadline_ = kNever;
  response_.reset();
  waiting_ = true;
  Ask();
  while (!response_ && !aborted_) {
    wake_.expires_at(kNever);
    co_await wake_.async_wait(kAwaitTuple);
  }
  waiting_ = false;
  if (aborted_) co_return false;
  HttpMessageResponse response = std::move(*response_);
  response.close = response.close || body_refused || !keep_alive_ || loop_.carrier.stopping;
  std::function<void(HttpWrite)> stream = std::move(response.stream);
  response.stream = nullptr;
  streaming_ = stream && !head_;
  response.close = response.close || streaming_;
  const bool close = response.close;
  const bool written = co_await Write(std::move(response));
  if (written && streaming_) co_await Stream(std::move(stream));
  if (body_refused && written) co_await Linger();
  co_return written && !close;
}

// Writes pieces as they come, until the answer is ended, the client goes or the server stops.
Task<void> Connection::Stream(std::function<void(HttpWrite)> start) {
  auto writer = std::make_shared<StreamWriter>(loop_.mailbox, id_, request_);
  const StreamEnd end(writer);
  WatchForEnd(writer);
  HttpWrite write = [writer](std::string piece) { return writer->Write(std::move(piece)); };
  start(std::move(write));
  bool alive = true;
  while (alive) {
    deadline_ = kNever;
    while (pieces_.empty() && !stream_ended_ && !aborted_) {
      wake_.expires_at(kNever);
      co_await wake_.async_wait(kAwaitTuple);
    }
    if (aborted_ || pieces_.empty()) break;
    const std::string out = std::exchange(pieces_, {});
    asio::const_buffer piece = asio::buffer(out);
    deadline_ = std::chrono::steady_clock::now() + loop_.carrier.options.write_timeout;
    auto [ec, n] = co_await asio::async_write(socket_, piece, kAwaitTuple);
    alive = !ec && !Expired();
  }
}

Task<bool> Connection::Write(HttpMessageResponse response) {
  std::size_t status_class = static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5));
  loop_.carrier.requests[status_class]->Add();
  ResponseFraming framing;
  framing.version_minor = reader_.VersionMinor();
  framing.keep_alive = !response.close;
  framing.streamed = streaming_;
  framing.date = loop_.Date();
  const std::string head = ResponseHead(response, framing);
  std::array<asio::const_buffer, 2> pieces;
  pieces[0] = asio::buffer(head);
  if (!head_) pieces[1] = asio::buffer(response.body);
  deadline_ = std::chrono::steady_clock::now() + loop_.carrier.options.write_timeout;
  auto [ec, n] = co_await asio::async_write(socket_, pieces, kAwaitTuple);
  if (ec && expired_) loop_.carrier.timeouts.Add();
  co_return !ec;
}

// The carrier's own answer to what never became a request; closes.
Task<void> Connection::Refuse(int status, std::string_view detail) {
  expired_ = false;
  HttpMessageResponse response;
  response.status = status;
  response.headers = loop_.carrier.options.refusal_headers;
  response.headers.emplace_back("Content-Type", "application/json");
  if (status == 503) response.headers.emplace_back("Retry-After", std::to_string(1 + id_ % 5));
  JsonWriter(response.body).BeginObject().Field("detail", detail).EndObject();
  response.close = true;
  const bool written = co_await Write(std::move(response));
  if (written) co_await Linger();
}

// Ends our side and reads what the client is still sending: closing now would reset the connection,
// and the client would see that instead of the answer.
Task<void> Connection::Linger() {
  ErrorCode ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  deadline_ = std::chrono::steady_clock::now() + kLingerTime;
  std::uint64_t left = loop_.carrier.options.discard_bytes_max;
  for (;;) {
    begin_ = end_ = 0;
    const bool read = co_await ReadSome();
    if (!read || end_ >= left) co_return;
    left -= end_;
  }
}

}  // namespace mishap
