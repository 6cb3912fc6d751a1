#include "net/http_text.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(HttpText, SplitsTargets) {
  struct Case {
    const char* target;
    const char* path;
    const char* query;
  };
  for (const Case& c : {Case{"/api/1/envelope/", "/api/1/envelope/", ""},
                        Case{"/a?x=1&y=2", "/a", "x=1&y=2"}, Case{"/a?b?c", "/a", "b?c"},
                        Case{"http://host:9000/api/1/store/?k=v", "/api/1/store/", "k=v"},
                        Case{"http://host", "/", ""}, Case{"/a?u=http://x/y", "/a", "u=http://x/y"},
                        Case{"*", "*", ""}}) {
    HttpMessageRequest request;
    request.target = c.target;
    SplitTarget(request);
    EXPECT_EQ(request.path, c.path) << c.target;
    EXPECT_EQ(request.query, c.query) << c.target;
  }
}

TEST(HttpText, HeadersAreFoundWithoutCase) {
  HttpMessageRequest request;
  request.headers = {{"x-sentry-auth", "a"}, {"X-Sentry-Auth", "b"}, {"Empty", ""}};
  EXPECT_EQ(request.Header("X-SENTRY-AUTH"), "a");
  EXPECT_EQ(request.Header("missing"), "");
  EXPECT_TRUE(request.HasHeader("empty"));
  EXPECT_FALSE(request.HasHeader("missing"));
}

TEST(HttpText, WritesAResponseHead) {
  HttpMessageResponse response;
  response.status = 429;
  response.headers = {{"Retry-After", "60"}};
  response.body = "{}";
  ResponseFraming framing;
  framing.date = "D";
  EXPECT_EQ(
      ResponseHead(response, framing),
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 2\r\nDate: D\r\n\r\n");
  framing.keep_alive = false;
  EXPECT_NE(ResponseHead(response, framing).find("\r\nConnection: close\r\n\r\n"),
            std::string::npos);
  framing.keep_alive = true;
  framing.version_minor = 0;
  EXPECT_NE(ResponseHead(response, framing).find("\r\nConnection: keep-alive\r\n\r\n"),
            std::string::npos);
}

TEST(HttpText, HeaderValuesCannotEndTheirLine) {
  HttpMessageResponse response;
  response.headers = {{"X-Sentry-Error", "a\r\nSet-Cookie: b"}};
  std::string head = ResponseHead(response, {});
  EXPECT_NE(head.find("X-Sentry-Error: a  Set-Cookie: b\r\n"), std::string::npos) << head;
}

TEST(HttpText, NoContentHasNoLength) {
  HttpMessageResponse response;
  response.status = 204;
  EXPECT_EQ(ResponseHead(response, {}).find("Content-Length"), std::string::npos);
}

TEST(HttpText, FormatsDates) {
  EXPECT_EQ(HttpDate(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(HttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace mishap
