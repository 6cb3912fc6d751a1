// Hand-written matchers against RE2: on random texts over the characters that matter, each finds at
// every position what the expression of its definition finds.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr int kTexts = 4000;
constexpr std::size_t kTextBytes = 64;

struct Oracle {
  const char* name;
  std::function<std::size_t(std::string_view, std::size_t)> matcher;
  const char* expression;  // one group: what the token covers; behind it a border or a look-ahead
  const char* alphabet;
  const char* seed;  // a token to start from, so that matches are not too rare
};

const Oracle kOracles[] = {
    {"uuid", MatchUuid,
     "([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[^0-9A-Za-z_]"
     "|$)",
     "0af-g", "550e8400-e29b-41d4-a716-446655440000"},
    {"trace", MatchTraceId,
     "(00-[0-9a-fA-F]{32}-[0-9a-fA-F]{16}-[0-9a-fA-F]{2}|1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24})(?:[^0-"
     "9A-Za-z_]|$)",
     "01af-", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    {"prefixed hex", MatchHex, "(0[xX][0-9a-fA-F]+)(?:[^0-9A-Za-z_]|$)", "0xXa1 .", "0x7ffa"},
    {"version", MatchVersion, "([vV]?[0-9]+(?:\\.[0-9]+){2,})(?:[^0-9A-Za-z_.]|\\.[^0-9]|\\.$|$)",
     "v19. ,", "v1.2.3"},
    {"quoted", MatchQuoted, "('(?:[^'\\\\]|\\\\.)*')", "'a\\ ", "'ab'"},
};

std::string RandomText(const Oracle& oracle, std::minstd_rand& dice) {
  const std::string_view alphabet(oracle.alphabet);
  std::string text;
  while (text.size() < kTextBytes) {
    if (dice() % 8 != 0) {
      text.push_back(alphabet[dice() % alphabet.size()]);
      continue;
    }
    std::string token = oracle.seed;
    if (dice() % 2 == 0) token[dice() % token.size()] = alphabet[dice() % alphabet.size()];
    text += token;
  }
  return text;
}

// "0x" and nothing else is asked of MatchHex here; versions without a suffix; quotes of one kind.
bool Asked(const Oracle& oracle, std::string_view text, std::size_t at) {
  const std::string_view name(oracle.name);
  if (name == "prefixed hex")
    return text[at] == '0' && at + 1 < text.size() && (text[at + 1] | 0x20) == 'x';
  if (name == "quoted") return text[at] == '\'';
  return true;
}

TEST(Oracle, MatchersFindWhatTheirExpressionsFind) {
  for (const Oracle& oracle : kOracles) {
    const RE2 re(oracle.expression);
    ASSERT_TRUE(re.ok()) << oracle.name;
    std::minstd_rand dice(20'261'122);
    int matches = 0;
    for (int i = 0; i < kTexts; ++i) {
      const std::string text = RandomText(oracle, dice);
      for (std::size_t at = 0; at < text.size(); ++at) {
        if (!Asked(oracle, text, at)) continue;
        re2::StringPiece group[2];
        const bool any = re.Match(text, at, text.size(), RE2::ANCHOR_START, group, 2);
        const std::size_t expected = any ? group[1].size() : 0;
        ASSERT_EQ(oracle.matcher(text, at), expected)
            << oracle.name << " at " << at << ": " << text;
        matches += expected > 0 ? 1 : 0;
      }
    }
    EXPECT_GT(matches, 500) << oracle.name;
  }
}

}  // namespace
}  // namespace mishap::g1
