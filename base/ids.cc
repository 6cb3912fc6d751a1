#include "base/ids.h"

namespace mishap {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view StripDecoration(std::string_view text) {
  if (text.starts_with("urn:uuid:")) text.remove_prefix(9);
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

}  // namespace

std::string HexOf(const std::array<std::uint8_t, 16>& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(32, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return out;
}

Result<std::array<std::uint8_t, 16>> ParseHex128(std::string_view text) {
  std::array<std::uint8_t, 16> out{};
  std::size_t digits = 0;
  for (char c : StripDecoration(text)) {
    if (c == '-') continue;
    int value = HexDigit(c);
    if (value < 0 || digits == 32) {
      return Fail(Reason::kInvalidArgument, "an id must be 32 hexadecimal digits");
    }
    out[digits / 2] = static_cast<std::uint8_t>(out[digits / 2] << 4 | value);
    ++digits;
  }
  if (digits != 32) return Fail(Reason::kInvalidArgument, "an id must be 32 hexadecimal digits");
  return out;
}

}  // namespace mishap
