// Every fuzz target on its corpus and on damaged copies of it: a few seconds in any build, most
// telling under the sanitizers. The long run is ./dev fuzz.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

namespace fs = std::filesystem;

// Damaged copies of each file of the corpus; MISHAP_FUZZ_ROUNDS asks for more.
int Rounds() {
  const char* text = std::getenv("MISHAP_FUZZ_ROUNDS");
  return text == nullptr ? 20 : std::max(1, std::atoi(text));
}

std::vector<std::string> Corpus(std::string_view target) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator("tests/fuzz/corpus/" + std::string(target))) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  inputs.reserve(paths.size());
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

// One change: a byte, a run removed or doubled, or a piece of another input.
void Change(std::string& input, const std::vector<std::string>& corpus, std::minstd_rand& dice) {
  if (input.empty()) input.push_back('{');
  const std::size_t at = dice() % input.size();
  const std::size_t length = 1 + dice() % 16;
  switch (dice() % 4) {
    case 0:
      input[at] = static_cast<char>(dice());
      break;
    case 1:
      input.erase(at, length);
      break;
    case 2:
      input.insert(at, input.substr(at, length));
      break;
    default: {
      const std::string& other = corpus[dice() % corpus.size()];
      if (!other.empty()) input.insert(at, other.substr(dice() % other.size(), length));
    }
  }
}

class FuzzSmoke : public testing::TestWithParam<FuzzTarget> {};

TEST_P(FuzzSmoke, CorpusAndDamage) {
  const FuzzTarget& target = GetParam();
  const std::vector<std::string> corpus = Corpus(target.name);
  ASSERT_GE(corpus.size(), 3u) << "tests/fuzz/corpus/" << target.name << " has too few inputs";
  std::minstd_rand dice(static_cast<unsigned>(target.name.size()));
  RunFuzzTarget(target, "");
  for (const std::string& input : corpus) {
    RunFuzzTarget(target, input);
    for (int round = 0; round < Rounds(); ++round) {
      std::string damaged = input;
      for (unsigned i = 0; i <= dice() % 4; ++i) Change(damaged, corpus, dice);
      RunFuzzTarget(target, damaged);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzSmoke, testing::ValuesIn(FuzzTargets()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace mishap
