#include "ingest/client_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <optional>

#include "base/bytes.h"

namespace mishap {
namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr int kV4Offset = 96;  // bits in front of an IPv4 address in its IPv6 form

std::optional<Address> ParseAddress(std::string_view text, bool* is_v4 = nullptr) {
  std::string copy(text);
  Address out{};
  if (inet_pton(AF_INET6, copy.c_str(), out.data()) == 1) return out;
  if (inet_pton(AF_INET, copy.c_str(), out.data() + 12) != 1) return std::nullopt;
  out[10] = out[11] = 0xFF;
  if (is_v4 != nullptr) *is_v4 = true;
  return out;
}

bool SamePrefix(const Address& a, const Address& b, int bits) {
  auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  int rest = bits % 8;
  if (rest == 0) return true;
  int mask = 0xFF << (8 - rest) & 0xFF;
  return (a[whole] & mask) == (b[whole] & mask);
}

// "1.2.3.4", "1.2.3.4:80", "[::1]:80" -> the address alone.
std::string_view StripPort(std::string_view hop) {
  if (hop.starts_with('[')) return hop.substr(1, hop.find(']') - 1);
  std::size_t colon = hop.find(':');
  bool v4_with_port = colon != std::string_view::npos && colon == hop.rfind(':');
  return v4_with_port ? hop.substr(0, colon) : hop;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::Parse(const std::vector<std::string>& blocks) {
  TrustedProxies proxies;
  for (const std::string& text : blocks) {
    std::size_t slash = text.find('/');
    bool is_v4 = false;
    auto address = ParseAddress(TrimAscii(text.substr(0, slash)), &is_v4);
    int bits = is_v4 ? 32 : 128;
    bool good = address.has_value();
    if (good && slash != std::string::npos) {
      int bits_max = bits;
      const char* end = text.data() + text.size();
      auto parsed = std::from_chars(text.data() + slash + 1, end, bits);
      good = parsed.ec == std::errc() && parsed.ptr == end && bits >= 0 && bits <= bits_max;
    }
    if (!good) {
      return Fail(
          Reason::kInvalidArgument,
          fmt::format("trusted proxy \"{}\" is neither an IP address nor a CIDR block", text));
    }
    proxies.blocks_.push_back({*address, is_v4 ? bits + kV4Offset : bits});
  }
  return proxies;
}

bool TrustedProxies::Contains(std::string_view ip) const {
  if (blocks_.empty()) return false;
  auto address = ParseAddress(ip);
  if (!address) return false;
  for (const Block& block : blocks_) {
    if (SamePrefix(*address, block.address, block.bits)) return true;
  }
  return false;
}

std::string ClientAddress(std::string_view peer_ip, std::string_view forwarded_for,
                          const TrustedProxies& trusted) {
  std::string_view client = peer_ip;
  while (trusted.Contains(client) && !forwarded_for.empty()) {
    std::size_t comma = forwarded_for.rfind(',');
    std::size_t start = comma == std::string_view::npos ? 0 : comma + 1;
    std::string_view hop = StripPort(TrimAscii(forwarded_for.substr(start)));
    forwarded_for = forwarded_for.substr(0, start == 0 ? 0 : comma);
    if (!ParseAddress(hop)) break;  // "unknown" or nonsense: believe no further
    client = hop;
  }
  return std::string(client);
}

}  // namespace mishap
