#include "net/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "base/bytes.h"
#include "net/http_text.h"

namespace mishap {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;

constexpr std::uint64_t kFirstReserveMax = 64 << 10;  // never trust Content-Length with more memory

// Beast's body concept, and so Beast's names: keeps up to a bound, then counts and discards.
// NOLINTBEGIN(readability-identifier-naming)
struct BoundedBody {
  struct value_type {
    std::string bytes;
    std::uint64_t seen = 0;
    std::uint64_t taken = 0;  // from the budget
    std::uint64_t bytes_max = 0;
    std::uint64_t discard_bytes_max = 0;
    BodyBudget* budget = nullptr;
    bool too_large = false;
    bool overloaded = false;
    bool refused = false;

    void Drop() {
      bytes = {};
      if (taken > 0) budget->Give(taken);
      taken = 0;
    }
  };

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(http::header<is_request, Fields>&, value_type& value) : value_(value) {}

    void init(const boost::optional<std::uint64_t>& length, ErrorCode& ec) {
      ec = {};
      if (!length) return;
      // What is declared costs nothing; the budget is taken as bytes arrive, or half-sent bodies
      // would hold it.
      if (*length > value_.bytes_max) {
        value_.too_large = true;
      } else {
        value_.bytes.reserve(std::min(*length, kFirstReserveMax));
      }
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, ErrorCode& ec) {
      ec = {};
      std::size_t total = 0;
      for (auto it = boost::asio::buffer_sequence_begin(buffers);
           it != boost::asio::buffer_sequence_end(buffers); ++it) {
        boost::asio::const_buffer piece(*it);
        Keep({static_cast<const char*>(piece.data()), piece.size()});
        total += piece.size();
      }
      if (value_.refused || value_.overloaded) ec = http::error::body_limit;
      return total;
    }

    void finish(ErrorCode& ec) { ec = {}; }

   private:
    bool Take(std::uint64_t total) {
      if (total <= value_.taken) return true;
      if (!value_.budget->TryTake(total - value_.taken)) {
        value_.overloaded = true;
        value_.Drop();
        return false;
      }
      value_.taken = total;
      return true;
    }

    void Keep(std::string_view piece) {
      value_.seen += piece.size();
      if (value_.seen > value_.bytes_max && !value_.too_large) {
        value_.too_large = true;
        value_.Drop();
      }
      if (value_.seen > value_.discard_bytes_max) value_.refused = true;
      if (!value_.too_large && Take(value_.seen)) value_.bytes.append(piece);
    }

    value_type& value_;
  };
};
// NOLINTEND(readability-identifier-naming)

std::string_view ToView(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

bool BodyBudget::TryTake(std::uint64_t bytes) {
  if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_max_) return true;
  Give(bytes);
  return false;
}

struct RequestReader::Parser {
  std::optional<http::request_parser<BoundedBody>> http;
};

RequestReader::RequestReader(const RequestBounds& bounds, BodyBudget& budget)
    : bounds_(bounds), budget_(budget), parser_(std::make_unique<Parser>()) {
  Reset();
}

RequestReader::~RequestReader() {
  parser_->http->get().body().Drop();
}

void RequestReader::Reset() {
  if (parser_->http) parser_->http->get().body().Drop();
  auto& http = parser_->http.emplace();  // Beast: a fresh parser for each request
  http.eager(true);
  http.header_limit(bounds_.header_bytes_max);
  http.body_limit(boost::none);
  auto& body = http.get().body();
  body.bytes_max = bounds_.body_bytes_max;
  body.discard_bytes_max = std::max(bounds_.discard_bytes_max, bounds_.body_bytes_max);
  body.budget = &budget_;
  state_ = State::kHeader;
}

std::size_t RequestReader::Feed(std::string_view bytes) {
  if (state_ != State::kHeader && state_ != State::kBody) return 0;
  if (bytes.empty()) return 0;  // Beast would take it for a broken connection
  auto& http = *parser_->http;
  ErrorCode ec;
  std::size_t used = http.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  if (state_ == State::kHeader && http.is_header_done()) OnHeaderDone();
  if (state_ == State::kBroken) return used;
  const auto& body = http.get().body();
  if (body.overloaded) {
    state_ = State::kOverloaded;
  } else if (body.refused) {
    state_ = State::kBodyRefused;
  } else if (ec == http::error::header_limit) {
    Break(431, "the request header is larger than this server takes");
  } else if (ec && ec != http::error::need_more) {
    Break(400, "this is not a well-formed HTTP/1.1 request");
  } else if (used == 0 && bytes.size() > bounds_.header_bytes_max) {
    // Beast waits for the end of such a line for ever; what waits is in memory and in no budget.
    Break(400, "the line of a chunk's size, or the trailer, is longer than a header may be");
  } else if (http.is_done()) {
    state_ = State::kDone;
  }
  return used;
}

void RequestReader::OnHeaderDone() {
  state_ = State::kBody;
  const auto& message = parser_->http->get();
  auto coding = message.find(http::field::transfer_encoding);
  // Any coding but plain "chunked" would leave us guessing where the body ends.
  if (coding != message.end() && !EqualsIgnoreCase(TrimAscii(ToView(coding->value())), "chunked")) {
    Break(501, "Transfer-Encoding must be chunked; compress with Content-Encoding instead");
    return;
  }
  // A body that we will not even read to its end is refused at once, and one that we will not keep
  // if the client waits for "100 Continue" before it sends it. (Beast tells the body its length
  // only when the first byte of it is there.)
  auto length = parser_->http->content_length();
  const std::uint64_t discard_max = std::max(bounds_.discard_bytes_max, bounds_.body_bytes_max);
  const std::uint64_t answered_at = AsksToContinue() ? bounds_.body_bytes_max : discard_max;
  if (length && *length > answered_at) {
    auto& body = parser_->http->get().body();
    body.refused = body.too_large = true;
  }
}

bool RequestReader::AsksToContinue() const {
  const auto& message = parser_->http->get();
  auto expect = message.find(http::field::expect);
  return expect != message.end() && EqualsIgnoreCase(ToView(expect->value()), "100-continue");
}

void RequestReader::Break(int status, std::string_view detail) {
  state_ = State::kBroken;
  refusal_status_ = status;
  refusal_detail_ = detail;
}

bool RequestReader::ExpectsContinue() const {
  return state_ == State::kBody && AsksToContinue();
}

bool RequestReader::KeepAlive() const {
  return parser_->http->keep_alive();
}

int RequestReader::VersionMinor() const {
  return static_cast<int>(parser_->http->get().version() % 10);
}

HttpMessageRequest RequestReader::Take() {
  auto& message = parser_->http->get();
  HttpMessageRequest request;
  request.method = ToView(message.method_string());
  request.target = ToView(message.target());
  SplitTarget(request);
  request.headers.reserve(16);
  for (const auto& field : message) {
    request.headers.emplace_back(ToView(field.name_string()), ToView(field.value()));
  }
  request.body_too_large = message.body().too_large;
  request.body = std::move(message.body().bytes);
  return request;
}

}  // namespace mishap
