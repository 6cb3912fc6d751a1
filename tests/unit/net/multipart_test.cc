// Forms as crash reporters send them, and broken ones.
#include "net/multipart.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

std::string Part(const std::string& disposition, const std::string& body) {
  return "--XX\r\nContent-Disposition: form-data; " + disposition +
         "\r\nContent-Type: application/octet-stream\r\n\r\n" + body + "\r\n";
}

TEST(Multipart, Boundaries) {
  EXPECT_EQ(FormBoundary("multipart/form-data; boundary=XX"), "XX");
  EXPECT_EQ(FormBoundary("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b;c\""), "a b;c");
  EXPECT_EQ(FormBoundary("multipart/form-data"), "");
  EXPECT_EQ(FormBoundary("multipart/mixed; boundary=XX"), "");
  EXPECT_EQ(FormBoundary("multipart/form-data; boundary=" + std::string(300, 'x')), "");
}

TEST(Multipart, PartsAreSlices) {
  const std::string binary("MDMP\r\n--X\0\r\n", 12);
  for (const char* preamble : {"", "hello\r\n"}) {
    std::string body = preamble + Part("name=\"sentry[release]\"", "1.0") +
                       Part("filename=\"a \\ b.dmp\"; name=\"upload_file_minidump\"", binary) +
                       Part("name=empty", "") + "--XX--\r\n";
    auto parts = ReadForm(body, "XX", 3);
    ASSERT_TRUE(parts) << parts.error().detail;
    ASSERT_EQ(parts->size(), 3u);
    EXPECT_EQ((*parts)[0].name, "sentry[release]");
    EXPECT_EQ((*parts)[0].filename, "");
    EXPECT_EQ((*parts)[0].body, "1.0");
    EXPECT_EQ((*parts)[1].name, "upload_file_minidump");
    EXPECT_EQ((*parts)[1].filename, "a \\ b.dmp");
    EXPECT_EQ((*parts)[1].body, binary);
    EXPECT_EQ((*parts)[2].body, "");
    EXPECT_EQ(ReadForm(body, "XX", 2).error().reason, Reason::kTooLarge);
  }
}

TEST(Multipart, BrokenFormsAreRefused) {
  for (const std::string& body :
       {std::string(""), std::string("--XX--\r\n"), std::string("--YY\r\n"), std::string("--XX"),
        std::string("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nno end"),
        std::string("--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--"),
        std::string("--XX\r\nno blank line\r\n--XX--"), std::string("--XXtrailing\r\n--XX--"),
        std::string("--XX\r\n--XX--"), Part("name=\"" + std::string(9000, 'n') + "\"", "x")}) {
    auto parts = ReadForm(body, "XX", 10);
    ASSERT_FALSE(parts) << body;
    EXPECT_EQ(parts.error().reason, Reason::kInvalidArgument) << body;
  }
  // Every cut of a good form is answered, none is read beyond its end.
  std::string good = Part("name=a", "1") + Part("name=b; filename=c", "2") + "--XX--\r\n";
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    std::string piece = good.substr(0, cut);
    static_cast<void>(ReadForm(piece, "XX", 10));
  }
}

}  // namespace
}  // namespace mishap
