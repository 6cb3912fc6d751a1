// The address an event came from: the TCP peer, or what trusted proxies in front of us say. Anybody
// can send X-Forwarded-For, so only configured proxies are believed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

class TrustedProxies {
 public:
  TrustedProxies() = default;  // nobody

  // Addresses and CIDR blocks, IPv4 and IPv6: "10.0.0.0/8", "::1". Errors: invalid_argument, naming
  // the bad one.
  static Result<TrustedProxies> Parse(const std::vector<std::string>& blocks);

  bool Contains(std::string_view ip) const;

 private:
  struct Block {
    std::array<std::uint8_t, 16> address{};  // IPv4 as ::ffff:a.b.c.d
    int bits = 128;
  };
  std::vector<Block> blocks_;
};

// The last hop of X-Forwarded-For that is not a trusted proxy; the peer if it is not one itself.
std::string ClientAddress(std::string_view peer_ip, std::string_view forwarded_for,
                          const TrustedProxies& trusted);

}  // namespace mishap
