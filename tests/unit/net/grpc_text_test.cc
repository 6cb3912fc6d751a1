#include "net/grpc/grpc_text.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

using namespace std::chrono_literals;

TEST(GrpcText, ReadsTimeouts) {
  EXPECT_EQ(ParseGrpcTimeout("1H"), 1h);
  EXPECT_EQ(ParseGrpcTimeout("2M"), 2min);
  EXPECT_EQ(ParseGrpcTimeout("3S"), 3s);
  EXPECT_EQ(ParseGrpcTimeout("100m"), 100ms);
  EXPECT_EQ(ParseGrpcTimeout("5u"), 5us);
  EXPECT_EQ(ParseGrpcTimeout("7n"), 7ns);
  EXPECT_EQ(ParseGrpcTimeout("99999999H"), 365 * 24h);  // no overflow
  for (const char* bad : {"", "S", "1", "1s", "-1S", "123456789S", "1 S", "0x1S"}) {
    EXPECT_FALSE(ParseGrpcTimeout(bad)) << bad;
  }
}

TEST(GrpcText, MessagesArePercentEncoded) {
  EXPECT_EQ(EncodeGrpcMessage("100% \xC3\xA4\n"), "100%25 %C3%A4%0A");
  EXPECT_EQ(EncodeGrpcMessage(std::string(5000, 'a')).size(), 1000u);
}

TEST(GrpcText, FramesHaveFiveBytesInFront) {
  std::string out;
  AppendGrpcFrame(out, std::string(300, 'x'));
  ASSERT_EQ(out.size(), 305u);
  const GrpcFrameHead head = ParseGrpcFrameHead(out.data());
  EXPECT_EQ(head.flag, 0);
  EXPECT_EQ(head.length, 300u);
  EXPECT_EQ(ParseGrpcFrameHead("\x01\xFF\xFF\xFF\xFF").length, 0xFFFFFFFFu);
}

TEST(GrpcText, FieldValuesAreOneLineOfAscii) {
  EXPECT_EQ(CleanFieldValue("a\r\nb\xC3\xA4"), "a??b??");
}

}  // namespace
}  // namespace mishap
