#include "net/grpc/grpc_text.h"

#include <fmt/format.h>

#include <charconv>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kTimeoutDigitsMax = 8;
constexpr std::size_t kMessageBytesMax = 1000;
constexpr std::chrono::hours kYear{24 * 365};

}  // namespace

std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kTimeoutDigitsMax + 1) return std::nullopt;
  std::int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  auto parsed = std::from_chars(text.data(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count < 0) return std::nullopt;
  switch (text.back()) {
    case 'H':
      return std::chrono::hours(std::min<std::int64_t>(count, kYear.count()));
    case 'M':
      return std::chrono::minutes(std::min<std::int64_t>(count, 60 * kYear.count()));
    case 'S':
      return std::chrono::seconds(std::min<std::int64_t>(count, 3600 * kYear.count()));
    case 'm':
      return std::chrono::milliseconds(count);
    case 'u':
      return std::chrono::microseconds(count);
    case 'n':
      return std::chrono::nanoseconds(count);
    default:
      return std::nullopt;
  }
}

std::string EncodeGrpcMessage(std::string_view text) {
  std::string out;
  for (char c : Utf8Prefix(text, kMessageBytesMax)) {
    if (c >= ' ' && c <= '~' && c != '%') {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

void AppendGrpcFrame(std::string& out, std::string_view message) {
  const auto length = static_cast<std::uint32_t>(message.size());
  out.push_back('\0');
  for (int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(length >> shift));
  out += message;
}

GrpcFrameHead ParseGrpcFrameHead(const char* bytes) {
  GrpcFrameHead head;
  head.flag = static_cast<std::uint8_t>(bytes[0]);
  for (int i = 1; i <= 4; ++i) {
    head.length = head.length << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  return head;
}

std::string CleanFieldValue(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

}  // namespace mishap
