// Patterns of rules, against a slow matcher that tries everything.
#include "grouping/g1/glob.h"
#include "tests/unit/grouping/cpu_seconds.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mishap::g1 {
namespace {

bool Path(std::string_view pattern, std::string_view text) {
  return Glob(pattern, GlobKind::kPath).Matches(text);
}
bool Text(std::string_view pattern, std::string_view text) {
  return Glob(pattern, GlobKind::kText).Matches(text);
}

TEST(Glob, StarsInPaths) {
  EXPECT_TRUE(Path("**/gen/**", "/srv/gen/a/b.py"));
  EXPECT_TRUE(Path("**/gen/**", "gen/a.py"));
  EXPECT_FALSE(Path("**/gen/**", "/srv/regen/a.py"));
  EXPECT_TRUE(Path("/a/*/c", "/a/b/c"));
  EXPECT_FALSE(Path("/a/*/c", "/a/b/b/c"));
  EXPECT_TRUE(Path("**.app/Contents/**", "/x/My.app/contents/mac"));
  EXPECT_TRUE(Path("**/lib/python[23].*/**", "/usr/lib/python3.11/json/x.py"));
  EXPECT_FALSE(Path("**/lib/python[!23].*/**", "/usr/lib/python3.11/json/x.py"));
  EXPECT_TRUE(Path("C:\\Windows\\**", "c:/windows/system32/ntdll.dll"));
}

TEST(Glob, TextsAreCaseSensitiveAndStarsCrossEverything) {
  EXPECT_TRUE(Text("io.sentry.*", "io.sentry.a/b.C"));
  EXPECT_FALSE(Text("io.sentry.*", "io.Sentry.a"));
  EXPECT_TRUE(Text("?[[]Sentry*", "-[SentryClient x]"));
  EXPECT_TRUE(Text("a\\*b", "a*b"));
  EXPECT_FALSE(Text("a\\*b", "axb"));
  EXPECT_TRUE(Text("*", ""));
  EXPECT_FALSE(Text("", "a"));
}

// Tries every way. Letters, '/', '?', '*', '**' and '**/' only.
bool Slow(std::string_view p, std::string_view t, bool segment = true) {
  if (p.empty()) return t.empty();
  if (p.substr(0, 2) == "**") {
    while (!p.empty() && p[0] == '*') p.remove_prefix(1);
    if (segment && !p.empty() && p[0] == '/') {
      p.remove_prefix(1);
      if (Slow(p, t)) return true;
      for (std::size_t i = 0; i < t.size(); ++i) {
        if (t[i] == '/' && Slow(p, t.substr(i + 1))) return true;
      }
      return false;
    }
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (Slow(p, t.substr(i), false)) return true;
    }
    return false;
  }
  if (p[0] == '*') {
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (Slow(p.substr(1), t.substr(i), false)) return true;
      if (i < t.size() && t[i] == '/') return false;
    }
    return false;
  }
  if (t.empty()) return false;
  const bool fits = p[0] == '?' ? t[0] != '/' : p[0] == t[0];
  return fits && Slow(p.substr(1), t.substr(1), p[0] == '/');
}

TEST(Glob, AgreesWithASlowMatcher) {
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same patterns in every run
  const auto pick = [&](std::string_view from) { return from[random() % from.size()]; };
  int matched = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string pattern;
    std::string text;
    for (std::size_t n = random() % 9; n > 0; --n) pattern.push_back(pick("ab/**?"));
    for (std::size_t n = random() % 9; n > 0; --n) text.push_back(pick("aab/"));
    const bool slow = Slow(pattern, text);
    ASSERT_EQ(Path(pattern, text), slow) << pattern << " on " << text;
    matched += slow ? 1 : 0;
    PairSet pairs;
    pairs.Add(text);
    if (slow) {
      ASSERT_TRUE(pairs.Holds(Glob(pattern, GlobKind::kPath).Needs())) << pattern;
    }
  }
  EXPECT_GT(matched, 5'000);
}

TEST(Glob, HostilePatternsAndTextsEndSoon) {
  const std::string text = std::string(1024, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  const double start = CpuSeconds();
  EXPECT_FALSE(Text(pattern + "b", text));
  EXPECT_FALSE(Path(pattern + "b", text));
  const double took = CpuSeconds() - start;
  EXPECT_LT(took, 1);
}

}  // namespace
}  // namespace mishap::g1
