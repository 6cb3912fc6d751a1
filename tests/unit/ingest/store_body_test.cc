#include "ingest/store_body.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/unit/ingest/compressed.h"

namespace mishap {
namespace {

constexpr const char* kJson = R"({"message":"a+b/c"})";

TEST(StoreBody, UnderstandsEveryForm) {
  const std::string zlib = Deflate(kJson, Wrap::kZlib);
  const std::string base64 = EncodeBase64(zlib);
  std::string url_safe = base64;
  for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
  struct Case {
    const char* name;
    std::string body;
  };
  const Case cases[] = {
      {"json", kJson},
      {"json with blanks", std::string(" \n") + kJson + "\n"},
      {"json with a mark", std::string("\xEF\xBB\xBF") + kJson},
      {"zlib", zlib},
      {"gzip", Deflate(kJson, Wrap::kGzip)},
      {"base64 of zlib", base64},
      {"base64 in lines", base64.substr(0, 10) + "\r\n" + base64.substr(10) + "\n"},
      {"base64 for URLs", url_safe},
      {"base64 of gzip", EncodeBase64(Deflate(kJson, Wrap::kGzip))},
      {"base64 of json", EncodeBase64(kJson)},
      {"form of json", "sentry_data=" + PercentEncode(kJson)},
      {"form of base64", "sentry_data=" + PercentEncode(base64) + "&sentry_key=x"},
      {"form of plain base64", "sentry_data=" + base64},
  };
  for (const Case& c : cases) {
    Inflater inflater{IngestLimits{}};
    std::string scratch;
    auto json = DecodeStoreBody(c.body, 1000, inflater, scratch);
    ASSERT_TRUE(json.has_value()) << c.name << ": " << json.error().detail;
    EXPECT_EQ(*json, kJson) << c.name;
  }
}

TEST(StoreBody, RefusesWithAReason) {
  const std::string large = "{\"a\":\"" + std::string(2000, 'x') + "\"}";
  struct Case {
    const char* name;
    std::string body;
    Reason reason;
  };
  const Case cases[] = {
      {"empty", "", Reason::kInvalidEnvelope},
      {"blank", " \n ", Reason::kInvalidEnvelope},
      {"no base64", "hello, world!", Reason::kInvalidJson},
      {"base64 of text", EncodeBase64("\xff\xff plain"), Reason::kInvalidCompression},
      {"zlib of a list", Deflate("[1]", Wrap::kZlib), Reason::kInvalidJson},
      {"truncated", EncodeBase64(Deflate(kJson, Wrap::kZlib).substr(0, 12)),
       Reason::kInvalidCompression},
      {"large json", large, Reason::kTooLarge},
      {"large zlib", Deflate(large, Wrap::kZlib), Reason::kTooLarge},
      {"large base64", EncodeBase64(Deflate(large, Wrap::kZlib)), Reason::kTooLarge},
      {"large form", "sentry_data=" + large, Reason::kTooLarge},
  };
  for (const Case& c : cases) {
    Inflater inflater{IngestLimits{}};
    std::string scratch;
    auto json = DecodeStoreBody(c.body, 1000, inflater, scratch);
    ASSERT_FALSE(json.has_value()) << c.name;
    EXPECT_EQ(json.error().reason, c.reason) << c.name << ": " << json.error().detail;
  }
}

TEST(StoreBody, ATransactionIsOneByItsTypeOnly) {
  JsonTree tree;
  for (const char* json :
       {R"({"type":"transaction"})", R"({"message":"m","type" : "transaction","spans":[]})",
        R"({"type":"error","type":"transaction"})"}) {
    EXPECT_TRUE(IsTransaction(json, tree)) << json;
  }
  for (const char* json :
       {R"({"transaction":"/cart"})", R"({"type":"error","extra":{"type":"transaction"}})",
        R"({"type":["transaction"]})", R"({"message":"\"type\":\"transaction\""})",
        R"({"type":"transaction","type":"error"})", R"({"type":"transaction")", "[]", ""}) {
    EXPECT_FALSE(IsTransaction(json, tree)) << json;
  }
}

}  // namespace
}  // namespace mishap
