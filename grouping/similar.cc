#include "grouping/similar.h"

#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mishap {
namespace {

constexpr std::size_t kHashes = kSimilarBands * kSimilarBandRows;
constexpr double kPositionWeight = 1.0;  // alpha
constexpr double kRarityWeight = 1.0;    // beta
constexpr double kShiftWeight = 0.1;     // gamma
constexpr double kFewSamples = 10;       // so many say nothing about rarity
constexpr double kStackShare = 0.75;
constexpr double kTypeShare = 0.15;
constexpr double kWordsShare = 0.10;
constexpr double kTypeShareOfText = 0.25;  // where neither has frames

std::uint64_t Mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

struct Permutation {
  std::uint64_t factor;
  std::uint64_t offset;
};
const std::array<Permutation, kHashes>& Permutations() {
  static const auto kTable = [] {
    std::array<Permutation, kHashes> table{};
    for (std::size_t i = 0; i < kHashes; ++i) table[i] = {Mixed(2 * i) | 1U, Mixed(2 * i + 1)};
    return table;
  }();
  return kTable;
}

std::vector<std::uint64_t> ShinglesOf(const SimilarSample& sample) {
  std::vector<std::uint64_t> shingles(sample.frames);
  shingles.reserve(2 * sample.frames.size() + sample.words.size() + 1);
  for (std::size_t i = 0; i + 1 < sample.frames.size(); ++i) {
    shingles.push_back(Mixed(sample.frames[i]) ^ Mixed(sample.frames[i + 1] + 1));
  }
  if (sample.type != 0) shingles.push_back(Mixed(sample.type + 2));
  for (std::uint64_t word : sample.words) shingles.push_back(Mixed(word + 3));
  return shingles;
}

struct Item {
  std::uint64_t frame = 0;
  double position = 0;  // from the crash, from 1
  double weight = 0;
};

std::vector<Item> ItemsOf(const SimilarSample& sample, const FrameRarity& rarity) {
  std::vector<Item> items;
  items.reserve(sample.frames.size());
  for (std::size_t i = 0; i < sample.frames.size(); ++i) {
    const auto known = rarity.samples.find(sample.frames[i]);
    const auto holds = known == rarity.samples.end() ? 0.0 : static_cast<double>(known->second);
    const double share = holds / (static_cast<double>(rarity.total) + kFewSamples);
    const auto position = static_cast<double>(i + 1);
    items.push_back({sample.frames[i], position,
                     std::pow(position, -kPositionWeight) * std::exp(-kRarityWeight * share)});
  }
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return a.frame != b.frame ? a.frame < b.frame : a.position < b.position;
  });
  return items;
}

// Equal frames align in order; what is left counts against.
double StackScore(const std::vector<Item>& a, const std::vector<Item>& b) {
  double sum = 0;
  double all = 0;
  for (const Item& item : a) all += item.weight;
  for (const Item& item : b) all += item.weight;
  if (all <= 0) return 0;
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < a.size() || k < b.size()) {
    if (k == b.size() || (i < a.size() && a[i].frame < b[k].frame)) {
      sum -= a[i++].weight;
    } else if (i == a.size() || b[k].frame < a[i].frame) {
      sum -= b[k++].weight;
    } else {
      const double shift = std::abs(a[i].position - b[k].position);
      sum += (a[i].weight + b[k].weight) * std::exp(-kShiftWeight * shift);
      ++i;
      ++k;
    }
  }
  return sum / all;
}

double Jaccard(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  if (a.empty() && b.empty()) return 1;
  std::size_t common = 0;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    if (a[i] == b[k]) {
      ++common;
      ++i;
      ++k;
    } else if (a[i] < b[k]) {
      ++i;
    } else {
      ++k;
    }
  }
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

}  // namespace

std::uint64_t SimilarHash(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

std::array<std::uint64_t, kSimilarBands> SimilarBandsOf(const SimilarSample& sample,
                                                        std::uint64_t salt) {
  std::array<std::uint64_t, kHashes> least{};
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (std::uint64_t shingle : ShinglesOf(sample)) {
    for (std::size_t i = 0; i < kHashes; ++i) {
      const Permutation& p = Permutations()[i];
      least[i] = std::min(least[i], shingle * p.factor + p.offset);
    }
  }
  std::array<std::uint64_t, kSimilarBands> bands{};
  for (std::size_t band = 0; band < kSimilarBands; ++band) {
    std::uint64_t value = Mixed(salt ^ Mixed(band));
    for (std::size_t row = 0; row < kSimilarBandRows; ++row) {
      value = Mixed(value ^ least[band * kSimilarBandRows + row]);
    }
    bands[band] = value;
  }
  return bands;
}

Similarity Compare(const SimilarSample& a, const SimilarSample& b, const FrameRarity& rarity) {
  Similarity result;
  result.same_type = a.type == b.type;
  result.words = Jaccard(a.words, b.words);
  const double type = result.same_type ? 1 : 0;
  if (a.frames.empty() && b.frames.empty()) {
    result.score = kTypeShareOfText * type + (1 - kTypeShareOfText) * result.words;
    return result;
  }
  result.stack = StackScore(ItemsOf(a, rarity), ItemsOf(b, rarity));
  result.score = kStackShare * result.stack + kTypeShare * type + kWordsShare * result.words;
  return result;
}

}  // namespace mishap
