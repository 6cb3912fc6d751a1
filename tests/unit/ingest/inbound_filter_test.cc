// Inbound filters: each with what it catches and with what it must not.
#include "ingest/inbound_filter.h"

#include <gtest/gtest.h>

#include "ingest/event_stage.h"
#include "tests/unit/ingest/fakes.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {
namespace {

std::string_view With(const char* filter, const std::string& json, const char* ip = "203.0.113.5") {
  ProjectEntry project;
  project.filters = {filter};
  return FilterOf(Normalized(json), project, ip);
}

std::string Agent(const std::string& agent) {
  return R"({"message":"m","request":{"headers":{"User-Agent":")" + agent + "\"}}}";
}

TEST(InboundFilter, NothingIsFilteredUnlessAsked) {
  EXPECT_EQ(FilterOf(Normalized(Agent("Googlebot/2.1 (x)")), ProjectEntry{}, "127.0.0.1"), "");
  EXPECT_EQ(With("localhost", Agent("Googlebot/2.1 (x)")), "");
  EXPECT_EQ(With("no-such-filter", Agent("MSIE 6.0;")), "");
}

TEST(InboundFilter, BrowserExtensions) {
  auto exception = [](const std::string& value, const std::string& paths) {
    return R"({"exception":{"values":[{"type":"E","value":")" + value +
           R"(","stacktrace":{"frames":[)" + paths + "]}}]}}";
  };
  const std::string page = R"({"abs_path":"https://a.example/x.js"})";
  for (const std::string& json :
       {exception("Error: Extension context invalidated.", page),
        exception("TypeError: CAN'T ACCESS dead object", page),
        exception("x", page + R"(,{"abs_path":"chrome-extension://abc/x.js"})"),
        exception("x",
                  page + R"(,{"abs_path":"moz-extension://abc/x.js"},{"abs_path":"<anonymous>"})"),
        exception("x", R"({"abs_path":"https://connect.facebook.net/en/sdk.js"})")}) {
    EXPECT_EQ(With("browser-extensions", json), "browser-extensions") << json;
  }
  for (const std::string& json :
       {exception("x", page), exception("x", ""),
        exception("x", R"({"abs_path":"chrome-extension://abc/x.js"},)" + page),
        std::string(R"({"message":"Extension context invalidated"})")}) {
    EXPECT_EQ(With("browser-extensions", json), "") << json;
  }
}

TEST(InboundFilter, Localhost) {
  for (const char* json : {R"({"message":"m","request":{"url":"http://localhost:3000/x"}})",
                           R"({"message":"m","request":{"url":"https://127.0.0.1/"}})",
                           R"({"message":"m","request":{"url":"file:///home/a/index.html"}})",
                           R"({"message":"m","request":{"url":"http://[::1]:80/"}})",
                           R"({"message":"m","user":{"ip_address":"127.0.0.1"}})"}) {
    EXPECT_EQ(With("localhost", json), "localhost") << json;
  }
  for (const char* json :
       {R"({"message":"m","request":{"url":"https://localhost.example/"}})",
        R"({"message":"m","request":{"url":"https://a.example/?u=http://localhost/"}})",
        R"({"message":"m","user":{"ip_address":"127.0.0.2"}})", R"({"message":"localhost"})"}) {
    EXPECT_EQ(With("localhost", json), "") << json;
  }
}

TEST(InboundFilter, WebCrawlers) {
  for (const char* agent :
       {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)", "facebookexternalhit/1.1", "ExampleBot/1.0",
        "Some Spider (x)", "Slackbot-LinkExpanding 1.0", "Twitterbots;"}) {
    EXPECT_EQ(With("web-crawlers", Agent(agent)), "web-crawlers") << agent;
  }
  for (const char* agent : {"Mozilla/5.0 (X11) Firefox/140.0", "Slackbot 1.0 (+https://x)",
                            "Robotics", "Mozilla/5.0 (Linux; Android 9; CUBOT_X9)", ""}) {
    EXPECT_EQ(With("web-crawlers", Agent(agent)), "") << agent;
  }
}

TEST(InboundFilter, LegacyBrowsers) {
  struct Case {
    const char* agent;
    const char* family;  // the one filter that catches it; "": none
    bool in_default;
  };
  for (const Case& c : {
           Case{"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "ie_pre_9", true},
           Case{"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)", "ie9", true},
           Case{"Mozilla/5.0 (compatible; MSIE 10.0; IEMobile/10.0)", "ie10", false},
           Case{"Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "ie11", false},
           Case{"Opera/9.80 (Windows NT 6.1) Presto/2.12 Version/12.16", "opera_pre_15", true},
           Case{"Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U) Presto/2.8", "opera_mini_pre_8", true},
           Case{"Mozilla/5.0 (Linux; U; Android 2.3.5) AppleWebKit/533.1 Version/4.0 Mobile "
                "Safari/533.1",
                "android_pre_4", true},
           Case{"Mozilla/5.0 (Macintosh) AppleWebKit/534 Version/5.1 Safari/534", "safari_pre_6",
                true},
           Case{"Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/17.1 Safari/605", "", false},
           Case{"Mozilla/5.0 (X11) AppleWebKit/537 Chrome/150.0 Safari/537", "", false},
           Case{"Mozilla/5.0 (X11; rv:8.0) Gecko Firefox/8.0", "", false},
       }) {
    EXPECT_EQ(With("legacy-browsers", Agent(c.agent)), c.in_default ? "legacy-browsers" : "")
        << c.agent;
    for (const char* family : {"ie_pre_9", "ie9", "ie10", "ie11", "opera_pre_15",
                               "opera_mini_pre_8", "android_pre_4", "safari_pre_6"}) {
      EXPECT_EQ(With(family, Agent(c.agent)),
                std::string_view(family) == c.family ? "legacy-browsers" : "")
          << c.agent << " " << family;
    }
  }
}

TEST(InboundFilter, ReleasesMessagesAddresses) {
  ProjectEntry project;
  project.filtered_releases = {"web@0.*"};
  project.filtered_messages = {"*ResizeObserver*", "TypeError: load?failed"};
  project.filtered_addresses = {"not an address", "10.0.0.0/8", "2001:db8::/32"};
  auto filter = [&](const char* json, const char* ip = "203.0.113.5") {
    return FilterOf(Normalized(json), project, ip);
  };
  EXPECT_EQ(filter(R"({"message":"m","release":"web@0.9"})"), "release-version");
  EXPECT_EQ(filter(R"({"message":"m","release":"web@1.0.9"})"), "");
  EXPECT_EQ(filter(R"({"message":"the resizeobserver loop"})"), "error-message");
  EXPECT_EQ(filter(R"({"exception":{"type":"TypeError","value":"load failed"}})"), "error-message");
  EXPECT_EQ(filter(R"({"exception":{"type":"TypeError","value":"load failed here"}})"), "");
  EXPECT_EQ(filter(R"({"message":"m"})", "10.9.8.7"), "ip-address");
  EXPECT_EQ(filter(R"({"message":"m"})", "2001:db8::7"), "ip-address");
  EXPECT_EQ(filter(R"({"message":"m","user":{"ip_address":"10.1.1.1"}})"), "");
}

TEST(InboundFilter, ExtensionsBlockedByAPolicy) {
  auto report = [](const std::string& uri) {
    return R"({"csp":{"blocked_uri":")" + uri + R"("},"tags":{"blocked-uri":")" + uri + "\"}}";
  };
  EXPECT_EQ(With("invalid-csp", report("moz-extension")), "invalid-csp");
  EXPECT_EQ(With("invalid-csp", report("chrome-extension://abc")), "invalid-csp");
  EXPECT_EQ(With("invalid-csp", report("https://evil.example")), "");
}

TEST(InboundFilter, Globs) {
  EXPECT_TRUE(GlobMatches("", "*"));
  EXPECT_TRUE(GlobMatches("abc", "A*c"));
  EXPECT_TRUE(GlobMatches("abcabc", "*abc"));
  EXPECT_TRUE(GlobMatches("abc", "a?c**"));
  EXPECT_FALSE(GlobMatches("abc", "a?"));
  EXPECT_FALSE(GlobMatches("abc", "b*"));
  EXPECT_FALSE(GlobMatches("", "?"));
  EXPECT_FALSE(GlobMatches(std::string(20'000, 'a'), std::string("*a*a*a*a*b")));
}

TEST(InboundFilter, TheStageSaysWhatIsNotWanted) {
  CountingRandom random;
  auto stage = MakeEventStage(random);
  ProjectEntry project;
  project.filtered_messages = {"noise*"};
  EventContext context;
  context.project = &project;
  context.received_at = kArrival;
  auto noise = stage->Run(R"({"message":"noise 7"})", context);
  ASSERT_TRUE(noise);
  EXPECT_EQ(noise->filtered_by, "error-message");
  EXPECT_FALSE(noise->id.IsNil());
  auto kept = stage->Run(R"({"message":"news"})", context);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->filtered_by, "");
  EXPECT_NE(kept->canonical_json, "");
}

}  // namespace
}  // namespace mishap
