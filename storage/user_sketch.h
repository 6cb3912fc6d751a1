// UserSketch: how many distinct users, from 64-bit hashes of their identities. Exact up to 256,
// then HyperLogLog with 4,096 registers (standard error 1.6 %). Pure: no I/O. Merging in any order
// and grouping gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mishap {

class UserSketch {
 public:
  static constexpr std::size_t kExactMax = 256;
  static constexpr int kPrecision = 12;
  static constexpr std::size_t kRegisters = std::size_t{1} << kPrecision;

  // nullopt for bytes that Serialize() never made.
  static std::optional<UserSketch> Parse(std::string_view bytes);
  // Byte 1, then the hashes, sorted, 8 bytes little-endian each; or byte 2, then 4,096 registers of
  // 6 bits.
  std::string Serialize() const;

  bool Add(std::uint64_t hash);         // true if the sketch changed
  bool Merge(const UserSketch& other);  // true if the sketch changed
  std::uint64_t Estimate() const;
  bool IsExact() const { return registers_.empty(); }

 private:
  bool AddToRegisters(std::uint64_t hash);
  void BecomeRegisters();

  std::vector<std::uint64_t> exact_;     // sorted; unused once registers_ is filled
  std::vector<std::uint8_t> registers_;  // kRegisters, or empty
};

}  // namespace mishap
