// base/bytes.h: base64, UTF-8, percent-encoding.
#include "base/bytes.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(Base64, ReadsBothAlphabetsWithAndWithoutPadding) {
  EXPECT_EQ(DecodeBase64("aGk="), "hi");
  EXPECT_EQ(DecodeBase64("aGk"), "hi");
  EXPECT_EQ(DecodeBase64(" aG\nk= "), "hi");
  EXPECT_EQ(DecodeBase64("_-8="), "\xFF\xEF");
  EXPECT_EQ(DecodeBase64("/+8="), "\xFF\xEF");
}

TEST(Base64, RefusesWhatIsNotBase64) {
  EXPECT_EQ(DecodeBase64("a"), std::nullopt);
  EXPECT_EQ(DecodeBase64("a*b="), std::nullopt);
  EXPECT_EQ(DecodeBase64("aG=k"), std::nullopt);
}

TEST(Base64, RoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (std::size_t n : {0u, 1u, 2u, 3u, 255u, 256u}) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(all.substr(0, n))), all.substr(0, n)) << n;
  }
}

TEST(Utf8, JudgesSequencesAsUnicodeDoes) {
  EXPECT_TRUE(IsUtf8("aä€😀"));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3"}) {
    EXPECT_FALSE(IsUtf8(bad)) << EncodeHex(bad);
  }
}

TEST(Utf8, RepairReplacesOnlyWhatIsBroken) {
  EXPECT_EQ(RepairUtf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(RepairUtf8("caf\xC3"), "caf\uFFFD");
  EXPECT_EQ(RepairUtf8("ä😀"), "ä😀");
}

TEST(Utf8, PrefixNeverCutsACodePoint) {
  EXPECT_EQ(Utf8Prefix("a€b", 3), "a");
  EXPECT_EQ(Utf8Prefix("a€b", 4), "a€");
  EXPECT_EQ(Utf8Prefix("abc", 9), "abc");
}

TEST(Percent, DecodesAndLeavesBadEscapesAlone) {
  EXPECT_EQ(PercentDecode("a%20b+c", false), "a b+c");
  EXPECT_EQ(PercentDecode("a%20b+c", true), "a b c");
  EXPECT_EQ(PercentDecode("100%", true), "100%");
  EXPECT_EQ(PercentDecode("%zz%4", true), "%zz%4");
  EXPECT_EQ(PercentDecode("%41", true), "A");
  EXPECT_EQ(PercentEncode("a b/ä"), "a%20b%2F%C3%A4");
}

TEST(Text, TrimsAndComparesWithoutCase) {
  EXPECT_EQ(TrimAscii(" \t a b\r\n"), "a b");
  EXPECT_EQ(TrimAscii(" \n"), "");
  EXPECT_TRUE(EqualsIgnoreCase("X-Sentry-Auth", "x-sentry-auth"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
}

}  // namespace
}  // namespace mishap
