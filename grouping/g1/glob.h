// Patterns of rules: `*` any run, `?` one character, `[...]` a set, `\x` literally x. In paths `*`
// and `?` stop at `/`, `**` does not, `**/` may be empty, and `\` is `/`. Matching never recurses
// and touches bounded names only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mishap::g1 {

// Which pairs of neighbouring bytes a text holds, hashed to 256 bits. A pattern whose literal pairs
// are not all in a text cannot match it: four instructions spare most comparisons.
struct PairSet {
  std::array<std::uint64_t, 4> bits{};

  void Add(std::string_view text);
  bool Holds(const PairSet& other) const {
    return ((other.bits[0] & ~bits[0]) | (other.bits[1] & ~bits[1]) | (other.bits[2] & ~bits[2]) |
            (other.bits[3] & ~bits[3])) == 0;
  }
};

enum class GlobKind : std::uint8_t { kText, kTextAnyCase, kPath };

inline constexpr std::size_t kGlobBytesMax = 1024;

class Glob {
 public:
  Glob() = default;
  Glob(std::string_view pattern, GlobKind kind);

  // text: for kPath and kTextAnyCase already in lower case, for kPath also with forward slashes.
  bool Matches(std::string_view text) const;
  const PairSet& Needs() const { return needs_; }

 private:
  enum class Op : std::uint8_t { kByte, kOne, kSet, kStar, kStars, kStarsSlash };
  struct Step {
    Op op = Op::kByte;
    char byte = 0;
    std::uint16_t set = 0;  // index in sets_
  };
  using Set = std::array<std::uint64_t, 4>;

  void ReadSet(std::string_view pattern, std::size_t& at);
  void ReadStars(std::string_view pattern, std::size_t& at);
  bool AtSegment() const;
  void FindNeeds();
  bool Takes(const Step& step, char c) const;
  bool Run(std::string_view text) const;

  std::vector<Step> steps_;
  std::vector<Set> sets_;
  PairSet needs_;
  GlobKind kind_ = GlobKind::kText;
};

// Lower case, slashes forward: what kPath patterns look at.
void AppendSlashedLower(std::string& out, std::string_view path);

}  // namespace mishap::g1
