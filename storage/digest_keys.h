// HashKey: what a hash row is found by, within all projects. Hashing for the digest's memories.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/ids.h"

namespace mishap {

struct HashKey {
  std::int64_t project = 0;
  std::int16_t algorithm = 0;
  std::int16_t kind = 0;
  Hash128 hash;

  auto operator<=>(const HashKey&) const = default;
};

inline std::size_t MixHash(std::size_t seed, std::uint64_t value) {
  std::uint64_t h = seed ^ (value + 0x9e3779b97f4a7c15ULL + (std::uint64_t{seed} << 6));
  h *= 0xff51afd7ed558ccdULL;
  return static_cast<std::size_t>(h ^ (h >> 32));
}

struct HashKeyHash {
  std::size_t operator()(const HashKey& k) const {
    return MixHash(Id128Hash{}(k.hash), static_cast<std::uint64_t>(k.project * 64 + k.kind));
  }
};

}  // namespace mishap
