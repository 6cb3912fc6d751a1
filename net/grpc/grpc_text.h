// The text side of gRPC over HTTP/2: timeouts, status messages, frames of messages. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mishap {

inline constexpr std::size_t kGrpcFrameHeadBytes = 5;

// "100m" -> 100 ms. nullopt: not a timeout. Longer than a year is a year.
std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text);
// grpc-message: everything but printable ASCII, and '%', as %XX. Cut to 1,000 bytes of input.
std::string EncodeGrpcMessage(std::string_view text);
// Five bytes, then the message, not compressed.
void AppendGrpcFrame(std::string& out, std::string_view message);
struct GrpcFrameHead {
  std::uint8_t flag = 0;  // 1: compressed
  std::uint32_t length = 0;
};
GrpcFrameHead ParseGrpcFrameHead(const char* bytes);
// The characters HTTP/2 takes in a field's value: visible ASCII and blanks, others become '?'.
std::string CleanFieldValue(std::string_view text);

}  // namespace mishap
