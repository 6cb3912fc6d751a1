// Events that mean harm: every name huge, every bracket open, every list long. Grouping answers,
// and soon.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "grouping/g1/collapse.h"
#include "grouping/g1/function_name.h"
#include "grouping/g1/keys.h"
#include "tests/unit/grouping/cpu_seconds.h"
#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

constexpr const char* kPlatforms[] = {"python", "javascript", "node", "ruby",   "go",
                                      "java",   "csharp",     "php",  "native", "elixir",
                                      "perl",   "dart",       ""};

std::string Repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

TEST(Hostile, HugeNamesOnEveryPlatform) {
  const double start = CpuSeconds();
  for (const char* platform : kPlatforms) {
    for (const char* piece :
         {"a", "<", "(", "[", "::{{closure}}", ".func1", "block in ", "$_1", "/", "`", "'lambda",
          "operator<", "[clone ", "\xFF", "async ", "@1", "_12"}) {
      Frame frame;
      frame.function = frame.module = frame.filename = frame.abs_path = Repeated(piece, 200'000);
      frame.context_line = frame.function;
      frame.in_app = true;
      EXPECT_TRUE(KeysOf(MakeEvent(platform, {MakeException("E", "", {frame})})).site);
    }
  }
  const double took = CpuSeconds() - start;
  EXPECT_LT(took, 10) << "221 events";
}

TEST(Hostile, RandomBytesInNames) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same bytes in every run
  static constexpr std::string_view kAlphabet("<>()[]{}:$`'~@.-_/\\# aA0\0\xC3\xBF=&*|", 31);
  std::uniform_int_distribution<std::size_t> pick(0, kAlphabet.size() - 1);
  for (int i = 0; i < 20'000; ++i) {
    std::string name(pick(random), ' ');
    for (char& c : name) c = kAlphabet[pick(random)];
    Frame frame;
    frame.function = frame.module = frame.filename = frame.context_line = name;
    frame.data.text = name;
    EXPECT_TRUE(KeysOf(MakeEvent(kPlatforms[static_cast<std::size_t>(i) % std::size(kPlatforms)],
                                 {MakeException(name, name, {frame})}))
                    .site);
  }
}

TEST(Hostile, UnbalancedBracketsLeaveTheNameAlone) {
  for (const char* name : {"foo(int", "foo<int", "foo)", "foo>", "a(b<c)d>("}) {
    EXPECT_EQ(g1::NativeFunction(name), name);
  }
}

TEST(Hostile, LongStacksAndLongChains) {
  std::vector<Frame> frames;
  for (int i = 0; i < 3'000; ++i) frames.push_back(MakeFrame("m", "f" + std::to_string(i % 9)));
  const double start = CpuSeconds();
  std::vector<Exception> chain;
  for (int i = 0; i < 60; ++i) chain.push_back(MakeException("E", "", frames));
  EXPECT_TRUE(KeysOf(MakeEvent("python", chain)).site);
  const double took = CpuSeconds() - start;
  EXPECT_LT(took, 20) << "building included";
}

TEST(Hostile, NoUsableContentIsNeverOneBucket) {
  Event empty;
  EXPECT_TRUE(KeysOf(empty).site);
  EXPECT_TRUE(KeysOf(MakeEvent("", {Exception{}})).site);
  EXPECT_NE(KeysOf(MakeEvent("python", {Exception{}})).site,
            KeysOf(MakeEvent("ruby", {Exception{}})).site);
}

TEST(Collapse, IsIdempotentAndKeepsTheEnds) {
  std::mt19937 random(4);  // NOLINT(cert-msc51-cpp): the same lists in every run
  std::uniform_int_distribution<int> letter(0, 3);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> keys(static_cast<std::size_t>(letter(random)) * 9 + 1);
    for (auto& key : keys) key = std::string(1, static_cast<char>('a' + letter(random)));
    const auto once = g1::CollapsedKeys(keys);
    EXPECT_EQ(g1::CollapsedKeys(once), once);
    EXPECT_EQ(once.front(), keys.front());
    EXPECT_EQ(once.back(), keys.back());
    EXPECT_EQ(std::set<std::string>(once.begin(), once.end()),
              std::set<std::string>(keys.begin(), keys.end()));
  }
}

TEST(Encoding, ListsAndItemsAreUnambiguous) {
  const auto bytes = [](auto&& write) {
    std::string out;
    g1::Encoder encoder(out);
    write(encoder);
    return out;
  };
  std::set<std::string> all{
      bytes([](auto& e) { e.Item('s', "ab").Item('s', "c"); }),
      bytes([](auto& e) { e.Item('s', "a").Item('s', "bc"); }),
      bytes([](auto& e) { e.Item('s', "abc"); }),
      bytes([](auto& e) { e.List(1).Item('s', "abc"); }),
      bytes([](auto& e) { e.Item('s', ""); }),
      bytes([](auto& e) { e.Absent(); }),
      bytes([](auto& e) { e.List(0); }),
      bytes([](auto& e) { e.List(2).List(1).Item('s', "a").List(0); }),
      bytes([](auto& e) { e.List(2).List(0).List(1).Item('s', "a"); }),
      bytes([](auto& e) { e.Item('s', std::string(128, 'x')); }),
  };
  EXPECT_EQ(all.size(), 10U);
}

TEST(Encoding, AMillionContentsWithoutCollision) {
  std::vector<Hash128> seen;
  std::string buffer;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    g1::BeginContent(buffer, 'P');
    g1::Encoder(buffer).Item('e', std::to_string(i % 1000)).Item('f', std::to_string(i / 1000));
    seen.push_back(g1::HashContent(buffer));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

// Shipped keys never change: if this fails, the change needs a new algorithm, not a new number
// here.
TEST(Encoding, HashIsXxh3BigEndian) {
  EXPECT_EQ(ToHex(g1::HashContent("")), "99aa06d3014798d86001c324468d497f");
}

}  // namespace
}  // namespace mishap
