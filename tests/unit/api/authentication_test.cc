#include "api/authentication.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace mishap {
namespace {

std::optional<std::string> Token(std::string header) {
  HttpMessageRequest request;
  request.headers.emplace_back("authorization", std::move(header));
  return TokenOf(request);
}

TEST(TokenOfTest, ReadsBearerInAnyCase) {
  for (auto header : {"Bearer abc", "bearer abc", "BEARER  abc ", "  Bearer abc"}) {
    EXPECT_EQ(Token(header), "abc") << header;
  }
}

TEST(TokenOfTest, ReadsTheUserOfBasic) {
  EXPECT_EQ(Token("Basic " + EncodeBase64("abc:")), "abc");
}

TEST(TokenOfTest, RefusesTheRest) {
  for (std::string header :
       {"", "Bearer", "Bearer ", "DSN http://a@b/1", "abc", "Basic !!", "Basic Og=="}) {
    EXPECT_FALSE(Token(header).has_value()) << header;
  }
  EXPECT_FALSE(Token("Bearer " + std::string(5000, 'x')).has_value());
}

TEST(HashTokenTest, IsSha256) {
  EXPECT_EQ(EncodeHex(HashToken("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace mishap
