// Hand-written matchers against RE2: on random texts over the characters that matter, each finds at
// every position what the expression of its definition finds.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr int kTexts = 4000;
constexpr std::size_t kTextBytes = 64;

// What follows a token: no letter, digit or '_'.
#define MISHAP_BORDER "(?:[^0-9A-Za-z_]|$)"
#define MISHAP_DAY "(?:0?[1-9]|[12][0-9]|3[01])"
#define MISHAP_MONTH "(?:0?[1-9]|1[0-2])"
#define MISHAP_YEAR "(?:19|20|21)[0-9]{2}"
#define MISHAP_CLOCK "(?:2[0-3]|[01]?[0-9]):[0-5][0-9]"
#define MISHAP_OCTET "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
#define MISHAP_LABEL "[A-Za-z0-9_-]+"
#define MISHAP_BEHIND_HOST "(?:$|[^A-Za-z0-9_.(-]|\\.+(?:$|[^A-Za-z0-9_.-]))"
#define MISHAP_NO_URL "\"'`<>)\\]} \t\r\n\v\f"
#define MISHAP_NO_PATH "\"'`<>()\\[\\]{},;| \t\r\n\v\f"

struct Oracle {
  const char* name;
  std::function<std::size_t(std::string_view, std::size_t)> matcher;
  // One group each: what the token covers; behind it a border or a look-ahead. The first that
  // matches says it.
  std::vector<std::string> expressions;
  std::vector<const char*> needs;  // each is found somewhere in the group
  const char* alphabet;
  const char* seed;  // a token to start from, so that matches are not too rare
};

std::size_t Host(std::string_view s, std::size_t at) {
  std::size_t run_end = 0;
  return MatchHost(s, at, run_end);
}
std::size_t Path(std::string_view s, std::size_t at) {
  std::size_t run_end = 0;
  return MatchPath(s, at, run_end);
}
std::size_t Jwt(std::string_view s, std::size_t at) {
  std::size_t run_end = 0;
  return MatchJwt(s, at, run_end);
}

// Eight groups, or fewer with one gap, not at the end.
std::string Ipv6Expression() {
  const std::string group = "[0-9a-fA-F]{1,4}";
  std::string all = group + "(?::" + group + "){7}";
  for (int left = 0; left <= 7; ++left) {
    const std::string begin =
        left == 0 ? "" : group + "(?::" + group + "){" + std::to_string(left - 1) + "}";
    if (left == 7) continue;
    all += "|" + begin + "::" + group + "(?::" + group + "){0," + std::to_string(6 - left) + "}";
  }
  return "(" + all + ")(?:$|[^0-9A-Za-z_:(])";
}
// The gap at the end.
std::string OpenIpv6Expression() {
  const std::string group = "[0-9a-fA-F]{1,4}";
  return "((?:" + group + "(?::" + group + "){0,6})?::)(?:$|[ \t\r\n\v\f])";
}

const Oracle kOracles[] = {
    {"uuid",
     MatchUuid,
     {"([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
      ")" MISHAP_BORDER},
     {},
     "0af-g",
     "550e8400-e29b-41d4-a716-446655440000"},
    {"trace",
     MatchTraceId,
     {"(00-[0-9a-fA-F]{32}-[0-9a-fA-F]{16}-[0-9a-fA-F]{2}|1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}"
      ")" MISHAP_BORDER},
     {},
     "01af-",
     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    {"prefixed hex", MatchHex, {"(0[xX][0-9a-fA-F]+)" MISHAP_BORDER}, {}, "0xXa1 .", "0x7ffa"},
    {"hex",
     MatchHex,
     {"([0-9a-f]{7,128}|[0-9A-F]{8,128})" MISHAP_BORDER},
     {"[0-9]", "[a-fA-F]"},
     "19afAg -",
     "9f3b2c1"},
    {"version",
     MatchVersion,
     {"([vV]?[0-9]+(?:\\.[0-9]+){2,})(?:[^0-9A-Za-z_.]|\\.[^0-9]|\\.$|$)"},
     {},
     "v19. ,",
     "v1.2.3"},
    {"quoted", MatchQuoted, {"('(?:[^'\\\\]|\\\\.)*')"}, {}, "'a\\ ", "'ab'"},
    {"mac",
     MatchMac,
     {"([0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5})(?:[^0-9A-Za-z_:]|$)",
      "([0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5})(?:[^0-9A-Za-z_-]|$)"},
     {},
     "0af:-g",
     "00:1b:44:11:3a:b7"},
    {"ipv4",
     MatchIpv4,
     {"(" MISHAP_OCTET "(?:\\." MISHAP_OCTET "){3})(?:$|[^0-9A-Za-z_.]|\\.(?:$|[^0-9A-Za-z_]))"},
     {},
     "0125.a ",
     "10.0.255.1"},
    {"ipv6",
     MatchIpv6,
     {Ipv6Expression(), OpenIpv6Expression()},
     {"[0-9]", ":[^ ]*:"},
     "01f::( ",
     "fe80::1:20"},
    {"jwt",
     Jwt,
     {"(eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]{4,})"},
     {},
     "eyJa1.-",
     "eyJh.abcd.1-_2"},
    {"url",
     MatchUrl,
     {"([A-Za-z][A-Za-z0-9+.-]{0,19}://[^" MISHAP_NO_URL "]*[^" MISHAP_NO_URL ".,;:!?])"},
     {},
     "ht1:/.?)' ",
     "http://a.b/c"},
    {"e-mail",
     MatchEmail,
     {"([A-Za-z0-9._%+-]{1,65}@[A-Za-z0-9_.-]+\\.[A-Za-z]{2,})(?:$|[^A-Za-z0-9_.-]|[-.][-_.]*(?:$|["
      "^A-"
      "Za-z0-9_.-]))"},
     {},
     "ab1@.-_+ ",
     "jane.doe@acme.io"},
    {"host",
     Host,
     {"(" MISHAP_LABEL "(?:\\." MISHAP_LABEL ")*\\.(?:com|internal))" MISHAP_BEHIND_HOST,
      "(" MISHAP_LABEL "(?:\\." MISHAP_LABEL ")+\\.(?:co|in|info|int))" MISHAP_BEHIND_HOST},
     {},
     "ab1.-( ",
     "db-7.acme.internal"},
    {"path",
     Path,
     {"(/(?:[^" MISHAP_NO_PATH "]*[^" MISHAP_NO_PATH ".:!?])?)"},
     {"[/\\\\][^/\\\\].*[/\\\\][^/\\\\]"},
     "/\\a1.:,( ",
     "/srv/app.py"},
    {"number",
     MatchNumber,
     {"([0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?:$|[^0-9A-Za-z_.]|\\.(?:$|[^0-9]))",
      "([0-9]+\\.[0-9]+(?:[eE][-+]?[0-9]+)?)" MISHAP_BORDER,
      "([0-9]+[eE][-+]?[0-9]+)" MISHAP_BORDER},
     {},
     "0159.eE+- ",
     "1.5e-3"},
    {"thousands",
     MatchNumber,
     {"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?)(?:[^0-9]|$)"},
     {},
     "0159., ",
     "4,150,908"},
    {"clock",
     MatchDate,
     {"(" MISHAP_CLOCK ")(?:$|[^0-9A-Za-z_:]|:(?:$|[^0-9]))",
      "(" MISHAP_CLOCK ":(?:[0-5][0-9]|60))(?:$|[^0-9A-Za-z_:.,]|[:.,](?:$|[^0-9]))",
      "(" MISHAP_CLOCK ":(?:[0-5][0-9]|60)[.,][0-9]+)(?:$|[^0-9A-Za-z_:]|:(?:$|[^0-9]))"},
     {},
     "0159:,x",
     "07:08:09,5"},
    {"date",
     MatchDate,
     {"(" MISHAP_YEAR "-" MISHAP_MONTH "-" MISHAP_DAY ")" MISHAP_BORDER,
      "(" MISHAP_YEAR "/" MISHAP_MONTH "/" MISHAP_DAY ")" MISHAP_BORDER,
      "(" MISHAP_YEAR "\\." MISHAP_MONTH "\\." MISHAP_DAY ")" MISHAP_BORDER,
      "(" MISHAP_DAY "-" MISHAP_DAY "-" MISHAP_YEAR ")" MISHAP_BORDER,
      "(" MISHAP_DAY "/" MISHAP_DAY "/" MISHAP_YEAR ")" MISHAP_BORDER,
      "(" MISHAP_DAY "\\." MISHAP_DAY "\\." MISHAP_YEAR ")" MISHAP_BORDER},
     {},
     "0129-/.x ",
     "2024-05-06"},
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

// Where the pass would not ask, and where another rule of the same matcher answers.
bool Asked(const Oracle& oracle, std::string_view text, std::size_t at) {
  const std::string_view name(oracle.name);
  const bool prefixed = text[at] == '0' && at + 1 < text.size() && (text[at + 1] | 0x20) == 'x';
  if (name == "prefixed hex") return prefixed;
  if (name == "hex") return !prefixed;
  if (name == "quoted") return text[at] == '\'';
  if (name == "ipv6") return text.substr(at, 4) != "::1:";  // loopback and a port
  if (name == "host") return text[at] != '.' && text[at] != '(' && text[at] != ' ';
  if (name == "path") return text[at] == '/';
  if (name == "clock" || name == "date") {
    const bool digit = text[at] >= '0' && text[at] <= '9';
    return digit && (at == 0 || text[at - 1] != ':');
  }
  return true;
}

class Definition {
 public:
  explicit Definition(const Oracle& oracle) {
    for (const std::string& text : oracle.expressions) {
      expressions_.push_back(std::make_unique<RE2>(text));
    }
    for (const char* text : oracle.needs) needs_.push_back(std::make_unique<RE2>(text));
  }
  bool IsValid() const {
    const auto ok = [](const auto& re) { return re->ok(); };
    return std::all_of(expressions_.begin(), expressions_.end(), ok) &&
           std::all_of(needs_.begin(), needs_.end(), ok);
  }
  std::size_t Match(const std::string& text, std::size_t at) const {
    for (const auto& re : expressions_) {
      re2::StringPiece group[2];
      if (!re->Match(text, at, text.size(), RE2::ANCHOR_START, group, 2)) continue;
      const bool complete = std::all_of(needs_.begin(), needs_.end(), [&](const auto& need) {
        return RE2::PartialMatch(group[1], *need);
      });
      if (complete) return group[1].size();
    }
    return 0;
  }

 private:
  std::vector<std::unique_ptr<RE2>> expressions_;
  std::vector<std::unique_ptr<RE2>> needs_;
};

TEST(Oracle, MatchersFindWhatTheirExpressionsFind) {
  for (const Oracle& oracle : kOracles) {
    const Definition definition(oracle);
    ASSERT_TRUE(definition.IsValid()) << oracle.name;
    std::minstd_rand dice(20'261'122);
    int matches = 0;
    int differences = 0;
    for (int i = 0; i < kTexts && differences < 5; ++i) {
      const std::string text = RandomText(oracle, dice);
      for (std::size_t at = 0; at < text.size(); ++at) {
        if (!Asked(oracle, text, at)) continue;
        const std::size_t expected = definition.Match(text, at);
        EXPECT_EQ(oracle.matcher(text, at), expected)
            << oracle.name << " at " << at << ": " << text.substr(at);
        differences += oracle.matcher(text, at) == expected ? 0 : 1;
        matches += expected > 0 ? 1 : 0;
      }
    }
    EXPECT_GT(matches, 500) << oracle.name;
  }
}

}  // namespace
}  // namespace mishap::g1
