// Similar issues (docs/grouping.md): what of an event is compared, which samples may be alike at
// all (MinHash bands), and how much two are alike (FaST: frames aligned by position and rarity, in
// linear time). Suggestions only: nothing here decides an issue. Not frozen: no key depends on it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mishap {

inline constexpr std::size_t kSimilarFramesMax = 64;  // nearest the crash
inline constexpr std::size_t kSimilarWordsMax = 64;
inline constexpr std::size_t kSimilarBands = 16;
inline constexpr std::size_t kSimilarBandRows = 4;
inline constexpr double kSimilarShown = 0.6;  // suggestions begin here

// An event, reduced to numbers: hashes of frame keys, type and words.
struct SimilarSample {
  std::vector<std::uint64_t> frames;  // the crash first
  std::uint64_t type = 0;             // 0: none
  std::vector<std::uint64_t> words;   // of the parameterised text; sorted, each once

  bool Empty() const { return frames.empty() && words.empty(); }
};

std::uint64_t SimilarHash(std::string_view text);

// Two samples that share a value are candidates. salt: of the project, so that projects never meet.
std::array<std::uint64_t, kSimilarBands> SimilarBandsOf(const SimilarSample& sample,
                                                        std::uint64_t salt);

// How often frames occur in the project.
struct FrameRarity {
  std::unordered_map<std::uint64_t, std::int64_t> samples;  // that hold the frame; absent: 0
  std::int64_t total = 0;
};

struct Similarity {
  double score = 0;  // up to 1
  double stack = 0;  // -1 to 1
  double words = 0;  // 0 to 1
  bool same_type = false;
};
Similarity Compare(const SimilarSample& a, const SimilarSample& b, const FrameRarity& rarity);

}  // namespace mishap
