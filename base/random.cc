#include "base/random.h"

#include <sys/random.h>

#include <cstdlib>

#include "base/bytes.h"

namespace mishap {

std::array<std::uint8_t, 16> Random::Bytes16() {
  std::array<std::uint8_t, 16> out{};
  Fill(out.data(), out.size());
  return out;
}

std::uint64_t Random::Uint64() {
  std::uint64_t out = 0;
  Fill(&out, sizeof out);
  return out;
}

std::string Random::Hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  Fill(raw.data(), raw.size());
  return EncodeHex(raw);
}

void SystemRandom::Fill(void* out, std::size_t bytes) {
  auto* p = static_cast<unsigned char*>(out);
  while (bytes > 0) {
    ssize_t n = getrandom(p, bytes, 0);
    if (n < 0) std::abort();  // no entropy source: nothing that needs secrets may go on
    p += n;
    bytes -= static_cast<std::size_t>(n);
  }
}

}  // namespace mishap
