// The parameteriser beyond the vectors: properties that hold for every text, and hostile texts.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "grouping/g1/parameterise.h"
#include "tests/unit/grouping/cpu_seconds.h"

namespace mishap::g1 {
namespace {

TEST(Text, CutsToTwoLines) {
  std::string storage;
  EXPECT_EQ(CutText("  one  two\r\n\r\n\tthree \nfour", storage), "one two three");
  EXPECT_EQ(CutText(" \n\t ", storage), "");
  EXPECT_EQ(CutText(std::string(20'000, 'x'), storage).size(), kTextBytesMax);
  EXPECT_EQ(CutText(std::string(20'000, 'x') + "\ny", storage).size(), kTextBytesMax);
}

TEST(Text, KeepsWhatMeansSomething) {
  for (const char* text :
       {"[errno -2] name or service not known", "tls 1.2 is required", "aes-256-gcm failed",
        "iso-8859-1 expected", "x86_64 only", "ed25519 key", "robot-3 died",
        "logger.info is not a function", "arr.at is not a function", "returned -1",
        "cannot open and/or read it", "Type mismatch: int32 vs float64", "error code: 42p01",
        "camelCaseWord12 is missing", "ParseInt32Failed at end", "ReactDOM-v16 broke"}) {
    EXPECT_EQ(Parameterise(text), text);
  }
}

TEST(Text, ReplacesWhatVaries) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"listening on [::1]:8080", "listening on <ip>:<num>"},
      {"trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "trace <trace>"},
      {"{'id': 5, 'name': 'x'}", "{'id': <v>, 'name': <v>}"},
      {"at datetime.datetime(2024, 5, 6, 7, 8)", "at <date>"},
      {"Mon May 06 2024 07:08:09 GMT+0200 (CEST)", "<date>"},
      {"06/May/2024:07:08:09 +0000", "<date>"},
      {"waited 1h30m5s", "waited <dur>"},
      {"got 512 bytes", "got <size>"},
      {"error 10.0.0.1 unreachable", "error <ip> unreachable"},
      {"postgres://u:p@db.local:5432/app refused", "<url:/app> refused"},
      {"home is /home/alice/data", "home is /home/*/data"},
      {"sum is (1,234.50)", "sum is (<num>)"},
      {"see /x/550e8400-e29b-41d4-a716-446655440000/y", "see /x/*/y"},
      {"01ARZ3NDEKTSV4RRFFQ69G5FAV expired", "<id> expired"},
      {"run 10-20", "run <num>-<num>"},
  };
  for (const auto& [in, out] : cases) {
    EXPECT_EQ(Parameterise(in), out);
  }
}

// Words, tokens and things that look like tokens, with separators in between.
std::string Soup(std::mt19937& random) {
  static const std::vector<std::string> kPieces{"1",
                                                "42",
                                                "404",
                                                "2024-05-06",
                                                "07:08",
                                                "a",
                                                "b7",
                                                "error",
                                                "code",
                                                "HTTP",
                                                "status",
                                                "0x1f",
                                                "deadbeef01",
                                                "10.0.0.1",
                                                "fe80::1",
                                                "x@y.io",
                                                "ms",
                                                "KB",
                                                "utf-8",
                                                "ORA-00942",
                                                "v1.2.3",
                                                "true",
                                                "May",
                                                "id",
                                                "E",
                                                "rc",
                                                "T",
                                                "Z",
                                                "sha256",
                                                "Mon",
                                                "run_1234",
                                                "C:\\a1\\b",
                                                "/var/x/12",
                                                "1e9",
                                                "-5",
                                                "abc12345",
                                                "x1",
                                                "12.5s",
                                                "tls",
                                                "1.2",
                                                "db.local",
                                                "91%",
                                                "\xE6\x97\xA5",
                                                "Xk29fQ71LmZp04",
                                                "12345678901",
                                                "https://a.io/b/1",
                                                "eyJabcd.abcd.abcd",
                                                "550e8400-e29b-41d4-a716-446655440000"};
  static const std::vector<std::string> kSeparators{" ", " ",  " ",  " ",  ", ", ": ",
                                                    "=", "='", "' ", "\"", " (", ") ",
                                                    "[", "]",  "{",  "; ", " - "};
  std::uniform_int_distribution<std::size_t> piece(0, kPieces.size() - 1);
  std::uniform_int_distribution<std::size_t> separator(0, kSeparators.size() - 1);
  std::uniform_int_distribution<int> length(1, 10);
  std::string text;
  for (int i = length(random); i > 0; --i) {
    text += kPieces[piece(random)] + kSeparators[separator(random)];
  }
  return text;
}

TEST(Text, SecondPassOverTheResultChangesNothing) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same texts in every run
  int failures = 0;
  for (int i = 0; i < 200'000 && failures < 10; ++i) {
    const std::string text = Soup(random);
    const std::string once = Parameterise(text);
    if (Parameterise(once) != once) {
      ++failures;
      ADD_FAILURE() << text << "\n  once:  " << once << "\n  twice: " << Parameterise(once);
    }
  }
}

TEST(Text, AnyBytesAreSafe) {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same bytes in every run
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(static_cast<std::size_t>(byte(random)) % 60, '\0');
    for (char& c : text) c = static_cast<char>(byte(random));
    EXPECT_LE(Parameterise(text).size(), 6 * text.size() + 8);
  }
}

// 8 KiB of anything costs about as much as 8 KiB of prose: a quadratic matcher would need thousands
// of times more.
TEST(Text, HostileTextsStayLinear) {
  const auto repeated = [](std::string_view piece) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    return text;
  };
  const auto seconds = [](const std::string& text) {
    double best = 1;
    for (int i = 0; i < 3; ++i) {
      const double start = CpuSeconds();
      for (int k = 0; k < 5; ++k) Parameterise(text);
      const double took = CpuSeconds() - start;
      best = std::min(best, took);
    }
    return best;
  };
  const double prose = seconds(repeated("the quick brown fox "));
  for (const char* piece :
       {"1:",      "a.", "a@", "a-",    "1.",    "/a",  "[",    "(",  "<",    "='",   "\"a\":\"",
        "::",      "0x", "f:", "eyJa.", "a://",  "00-", "C:\\", "1 ", "May ", "\\\"", "(1",
        "{'a': '", "a1", "1a", "aA1",   "http ", "-1",  ",1",   "1,", "+",    "_1"}) {
    EXPECT_LT(seconds(repeated(piece)), 60 * prose + 0.005) << piece;
  }
}

// Pieces nobody thought of: the characters and words that matter, put together at random and
// repeated. Eight times the text may cost eight times as much; a square would be sixty-four.
TEST(Text, RandomlyRepeatedPiecesStayLinear) {
  static constexpr std::string_view kParts[] = {
      "1",     "a",  "f",    "E",     "eyJ",      "http",  "://",      "0x",   "'",
      "\"",    "=",  ":",    "/",     ".",        "-",     "_",        "@",    "<",
      "<num>", ">",  "(",    ")",     "[",        "{",     "}",        ",",    " ",
      "\\",    "v1", "code", ".com",  "2024-5-6", "12:00", "\xC3\xA9", "in (", "like ",
      "ORA-",  "5s", "tmp",  "1,000", "Jan",      "+",     "home"};
  constexpr double kSuspicious = 0.0003;  // of 8 KiB; prose takes a tenth of it
  std::mt19937 dice(20'261'123);          // NOLINT(cert-msc51-cpp): the same pieces in every run
  const auto part = [&] { return kParts[dice() % std::size(kParts)]; };
  const auto seconds = [](const std::string& text) {
    double best = 100;
    for (int i = 0; i < 3; ++i) {
      std::string out;
      const double start = CpuSeconds();
      ParameteriseCut(text, out, nullptr);
      best = std::min(best, CpuSeconds() - start);
      if (best < kSuspicious) break;
    }
    return best;
  };
  for (int i = 0; i < 4'000; ++i) {
    const std::string head(dice() % 2 == 0 ? "" : part());
    std::string piece;
    for (auto k = dice() % 4 + 1; k > 0; --k) piece += part();
    const auto text = [&](std::size_t bytes) {
      std::string all = head;
      while (all.size() < bytes) all += piece;
      return all;
    };
    const double once = seconds(text(8 << 10));
    if (once < kSuspicious) continue;
    ASSERT_LT(seconds(text(64 << 10)), 24 * once) << head << " and " << piece << " again and again";
  }
}

}  // namespace
}  // namespace mishap::g1
