// Parsing and repair of JSON as clients send it.
#include "event/json_tree.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "event/event.h"
#include "event/json_repair.h"

namespace mishap {
namespace {

// What reading and writing makes of a text, or "error: ...".
std::string Through(std::string_view json) {
  JsonTree tree;
  auto root = tree.Parse(json);
  if (!root) return "error: " + root.error().detail;
  std::string out;
  AppendJson(out, *root);
  return out;
}

std::string Nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

struct Case {
  const char* name;
  std::string json;
  std::string want;
};

TEST(JsonTreeTest, ReadsWhatClientsSend) {
  static const std::string kBad = "\xEF\xBF\xBD";
  const Case cases[] = {
      {"blanks go", " { \"a\" : [ 1 , 2 ] } \n", R"({"a":[1,2]})"},
      {"not a number", R"({"a":NaN,"b":-Infinity,"c":Infinity})",
       R"({"a":null,"b":null,"c":null})"},
      {"lone high surrogate", R"({"a":"x\ud83dy"})", "{\"a\":\"x" + kBad + "y\"}"},
      {"lone low surrogate", R"({"a":"\udc00"})", "{\"a\":\"" + kBad + "\"}"},
      {"high surrogate before a letter", R"(["\ud83d\u0041"])", "[\"" + kBad + "A\"]"},
      {"a pair", R"(["\ud83d\ude00"])", "[\"\xF0\x9F\x98\x80\"]"},
      {"NUL in value and key", R"({"k\u0000":"v\u0000"})", "{\"k" + kBad + "\":\"v" + kBad + "\"}"},
      {"escaped backslash before u0000", R"(["\\u0000"])", R"(["\\u0000"])"},
      {"broken UTF-8", "[\"a\xFF\xC3(\"]", "[\"a" + kBad + kBad + "(\"]"},
      {"raw control characters", "[\"a\tb\nc\"]", R"(["a\tb\nc"])"},
      {"raw NUL", std::string("[\"a\0b\"]", 7), "[\"a" + kBad + "b\"]"},
      {"byte order mark", "\xEF\xBB\xBF{}", "{}"},
      {"huge integer", "[123456789012345678901234567890]", R"(["123456789012345678901234567890"])"},
      {"unsigned", "[18446744073709551615]", "[18446744073709551615]"},
      {"float out of range", "[1e999,-1e999,1e-999]", "[null,null,0]"},
      {"negative zero", "[-0.0,-0]", "[0,0]"},
      {"last duplicate wins", R"({"a":1,"b":2,"a":3})", R"({"b":2,"a":3})"},
      {"unknown escape", R"(["\x41"])", R"(["\\x41"])"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Through(c.json), c.want) << c.name;
    EXPECT_EQ(Through(Through(c.json)), c.want) << c.name << ", again";
  }
}

TEST(JsonTreeTest, RefusesWithTheByte) {
  const Case cases[] = {
      {"empty", "", "error: byte 0: the text ends, expected a JSON value"},
      {"cut", R"({"a":[1)", "error: byte 7: the text ends, expected ',' or ']'"},
      {"rest", "{} x", "error: byte 3: expected nothing after the value"},
      {"unquoted key", "{a:1}", "error: byte 1: expected a key in quotes"},
      {"no colon", R"({"a" 1})", "error: byte 5: expected ':' after the key"},
      {"trailing comma", "[1,]", "error: byte 3: expected a JSON value"},
      {"leading zero", "[01]", "error: byte 1: expected a JSON value"},
      {"open string", R"(["abc)",
       "error: byte 5: the text ends, expected the closing quote of a string"},
      {"bad unicode escape", R"(["\uZZZZ"])", "error: byte 2: expected four hex digits after \\u"},
  };
  for (const Case& c : cases) EXPECT_EQ(Through(c.json), c.want) << c.name;
}

TEST(JsonTreeTest, DepthEndsAtTheLimit) {
  EXPECT_EQ(Through(Nested(kJsonDepthMax)), Nested(kJsonDepthMax));
  EXPECT_EQ(Through(Nested(kJsonDepthMax + 1)), "error: byte 128: nested deeper than 128");
  EXPECT_EQ(Through(std::string(1'000'000, '[')), "error: byte 128: nested deeper than 128");
}

TEST(JsonTreeTest, ManyDuplicateKeysAreNotQuadratic) {
  std::string json = "{";
  for (int i = 0; i < 200'000; ++i) json += "\"k" + std::to_string(i % 1000) + "\":1,";
  json.back() = '}';
  std::string out = Through(json);
  EXPECT_LT(out.size(), 10'000u);
}

TEST(JsonTreeTest, NumbersReadBackTheSame) {
  for (const char* json :
       {"[1.1]", "[1e+300]", "[0.1,1795363134.946,1e-07]", "[2.2345678901234567e+19]", "[1e+15]",
        "[999999999999999]", "[123456789.125]"}) {
    EXPECT_EQ(Through(Through(json)), Through(json)) << json;
  }
  EXPECT_EQ(Through("[22345678901234567890.5]"), "[2.234567890123457e+19]");
}

TEST(JsonTreeTest, OneTreeReadsManyDocuments) {
  JsonTree tree;
  for (std::size_t size : {10u, 100'000u, 5u, 2'000'000u, 7u}) {
    std::string json = "[\"" + std::string(size, 'x') + "\"]";
    auto root = tree.Parse(json);
    ASSERT_TRUE(root);
    std::size_t length = 0;
    root->EachElement([&](JsonValue v) { length = v.Text().size(); });
    EXPECT_EQ(length, size);
  }
}

TEST(QuotedTest, EveryByteAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'a');
      text[at] = static_cast<char>(byte);
      std::string json;
      AppendJsonString(json, text);
      JsonTree tree;
      auto root = tree.Parse(json);
      ASSERT_TRUE(root) << byte;
      std::string want = text;
      if (byte == 0 || byte >= 0x80) want.replace(at, 1, "\xEF\xBF\xBD");
      ASSERT_EQ(root->Text(), want) << byte << " at " << at;
    }
  }
}

}  // namespace
}  // namespace mishap
