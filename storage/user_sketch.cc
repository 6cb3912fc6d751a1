#include "storage/user_sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace mishap {
namespace {

constexpr char kExactTag = 1;
constexpr char kRegistersTag = 2;
constexpr int kRankMax = 64 - UserSketch::kPrecision + 1;  // 53: fits 6 bits
constexpr std::size_t kPackedBytes = UserSketch::kRegisters * 6 / 8;

// The estimator of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches"
// (2017), algorithm 6: no bias tables, no switch between ranges.
double Sigma(double x) {
  if (x == 1.0) return std::numeric_limits<double>::infinity();
  double y = 1;
  double z = x;
  double before = 0;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (z != before);
  return z;
}

double Tau(double x) {
  if (x == 0.0 || x == 1.0) return 0;
  double y = 1;
  double z = 1 - x;
  double before = 0;
  do {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  } while (z != before);
  return z / 3;
}

std::uint64_t ReadHash(const char* bytes) {
  std::uint64_t hash = 0;
  for (int i = 7; i >= 0; --i) hash = (hash << 8) | static_cast<unsigned char>(bytes[i]);
  return hash;
}

}  // namespace

std::optional<UserSketch> UserSketch::Parse(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  UserSketch sketch;
  const std::string_view body = bytes.substr(1);
  if (bytes[0] == kExactTag) {
    if (body.size() % 8 != 0 || body.size() / 8 > kExactMax) return std::nullopt;
    for (std::size_t i = 0; i < body.size(); i += 8) {
      sketch.exact_.push_back(ReadHash(body.data() + i));
    }
    const bool rising = std::adjacent_find(sketch.exact_.begin(), sketch.exact_.end(),
                                           std::greater_equal<>()) == sketch.exact_.end();
    return rising ? std::optional(std::move(sketch)) : std::nullopt;
  }
  if (bytes[0] != kRegistersTag || body.size() != kPackedBytes) return std::nullopt;
  sketch.registers_.resize(kRegisters);
  for (std::size_t i = 0, in = 0; i < kRegisters; i += 4, in += 3) {  // 4 registers in 3 bytes
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j)
      word = (word << 8) | static_cast<unsigned char>(body[in + j]);
    for (std::size_t j = 0; j < 4; ++j) {
      sketch.registers_[i + j] = static_cast<std::uint8_t>((word >> (18 - 6 * j)) & 63u);
    }
  }
  return sketch;
}

std::string UserSketch::Serialize() const {
  std::string out;
  if (IsExact()) {
    out.push_back(kExactTag);
    for (std::uint64_t hash : exact_) {
      for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>((hash >> (8 * i)) & 0xff));
    }
    return out;
  }
  out.push_back(kRegistersTag);
  for (std::size_t i = 0; i < kRegisters; i += 4) {
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 4; ++j) word = (word << 6) | registers_[i + j];
    for (int shift = 16; shift >= 0; shift -= 8) {
      out.push_back(static_cast<char>((word >> shift) & 0xff));
    }
  }
  return out;
}

bool UserSketch::AddToRegisters(std::uint64_t hash) {
  const auto index = static_cast<std::size_t>(hash >> (64 - kPrecision));
  const int zeros = std::countl_zero(hash << kPrecision);
  const auto rank = static_cast<std::uint8_t>(std::min(zeros + 1, kRankMax));
  if (registers_[index] >= rank) return false;
  registers_[index] = rank;
  return true;
}

void UserSketch::BecomeRegisters() {
  registers_.assign(kRegisters, 0);
  for (std::uint64_t hash : exact_) AddToRegisters(hash);
  exact_.clear();
  exact_.shrink_to_fit();
}

bool UserSketch::Add(std::uint64_t hash) {
  if (!IsExact()) return AddToRegisters(hash);
  auto it = std::lower_bound(exact_.begin(), exact_.end(), hash);
  if (it != exact_.end() && *it == hash) return false;
  exact_.insert(it, hash);
  if (exact_.size() > kExactMax) BecomeRegisters();
  return true;
}

bool UserSketch::Merge(const UserSketch& other) {
  bool changed = false;
  if (other.IsExact()) {
    for (std::uint64_t hash : other.exact_) changed |= Add(hash);
    return changed;
  }
  if (IsExact()) {
    BecomeRegisters();
    changed = true;
  }
  for (std::size_t i = 0; i < kRegisters; ++i) {
    if (registers_[i] < other.registers_[i]) {
      registers_[i] = other.registers_[i];
      changed = true;
    }
  }
  return changed;
}

std::uint64_t UserSketch::Estimate() const {
  if (IsExact()) return exact_.size();
  std::array<int, kRankMax + 1> histogram{};
  for (std::uint8_t rank : registers_) ++histogram[std::min<std::size_t>(rank, kRankMax)];
  constexpr auto kM = static_cast<double>(kRegisters);
  double z = kM * Tau(1 - histogram[kRankMax] / kM);
  for (std::size_t k = kRankMax - 1; k >= 1; --k) z = 0.5 * (z + histogram[k]);
  z += kM * Sigma(histogram[0] / kM);
  constexpr double kAlpha = 0.7213475204444817;  // 1 / (2 ln 2)
  return static_cast<std::uint64_t>(std::llround(kAlpha * kM * kM / z));
}

}  // namespace mishap
