// Cryptographic randomness, handed in so that tests can fix it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mishap {

class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(void* out, std::size_t bytes) = 0;

  std::array<std::uint8_t, 16> Bytes16();
  std::uint64_t Uint64();
  std::string Hex(std::size_t bytes);  // 2 x bytes lower-case digits
};

// The kernel's generator (getrandom). Safe to share between threads.
class SystemRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override;
};

}  // namespace mishap
