#include "api/project/setting_check.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace mishap {
namespace {

constexpr int kBits4 = 32;
constexpr int kBits6 = 128;

// Bits of an address's family; 0: no address.
int BitsOf(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return kBits4;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return kBits6;
  return 0;
}

}  // namespace

bool IsAddressBlock(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const int bits = BitsOf(std::string(text.substr(0, slash)));
  if (bits == 0) return false;
  if (slash == text.size()) return true;
  text.remove_prefix(slash + 1);
  int prefix = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  return error == std::errc() && end == text.data() + text.size() && prefix >= 0 && prefix <= bits;
}

bool IsOriginPattern(std::string_view text) {
  if (auto scheme = text.find("://"); scheme != std::string_view::npos) {
    if (scheme == 0) return false;
    text.remove_prefix(scheme + 3);
  }
  const bool has_odd = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '?' || c == '#' || c == '@';
  });
  // A star stands alone or for whole labels in front.
  const auto star = text.rfind('*');
  const bool star_fits = star == std::string_view::npos || text == "*" ||
                         (star == 0 && text.size() > 2 && text[1] == '.');
  return !text.empty() && !has_odd && star_fits;
}

}  // namespace mishap
