// Contexts from user agents.
#include <gmock/gmock.h>

#include "event/raw_json.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {
namespace {

std::string Contexts(const std::string& headers, const std::string& platform = "javascript") {
  Event event =
      Normalized(R"({"platform":")" + platform + R"(","request":{"headers":{)" + headers + "}}}");
  std::string all;
  for (const auto& [name, context] : event.contexts) {
    if (!all.empty()) all += ", ";
    all += name + "=" + JsonMemberText(context.text, "name") +
           JsonMemberText(context.text, "model") + " " + JsonMemberText(context.text, "version");
  }
  return all;
}

TEST(UserAgentTest, Families) {
  struct Case {
    const char* agent;
    const char* want;
  };
  const Case cases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87",
       "browser=Edge 126.0.2592, os=Windows >=10"},
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "HeadlessChrome/156.0.0.0 Safari/537.36",
       "browser=HeadlessChrome 156.0.0, os=Linux "},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.4 Safari/605.1.15",
       "browser=Safari 17.4, os=Mac OS X >=10.15.7"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Version/16.1 Mobile/15E148 Safari/604.1",
       "browser=Mobile Safari 16.1, os=iOS 16.1, device=iPhone "},
      {"Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/120.0.6099.43 Mobile Safari/537.36",
       "browser=Chrome Mobile 120.0.6099, os=Android 13"},
      {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
       "browser=Firefox 128.0, os=Ubuntu "},
      {"Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
       "browser=IE 11.0, os=Windows 7"},
      {"curl/8.5.0", ""},
      {"", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Contexts(std::string("\"User-Agent\":\"") + c.agent + "\""), c.want) << c.agent;
  }
}

TEST(UserAgentTest, HintsWinAndServersKeepTheirSystem) {
  const std::string headers =
      R"("user-agent":"Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/118.0 Safari/537",)"
      R"("sec-ch-ua":"\"Chromium\";v=\"118\", \"Brave\";v=\"118\", \"Not=A?Brand\";v=\"99\"")";
  EXPECT_EQ(Contexts(headers, "python"), "browser=Brave 118, client_os=Windows >=10");
}

TEST(UserAgentTest, WhatTheSdkSentStays) {
  Event event = Normalized(R"({"platform":"javascript","contexts":{"browser":{"name":"Own"}},
      "request":{"headers":{"User-Agent":"Firefox/1.0"}}})");
  ASSERT_EQ(event.contexts.size(), 1u);
  EXPECT_EQ(event.contexts[0].second.text, R"({"name":"Own"})");
}

TEST(UserAgentTest, HostileHintsEnd) {
  for (const char* hints : {"\\\"", "\\\"\\\"", ",,,,", "\\\"a\\\",", "\\\"a\\\";v=\\\""}) {
    Contexts(std::string(R"("Sec-Ch-Ua":")") + hints + "\"");
  }
}

}  // namespace
}  // namespace mishap
