// What browsers report by themselves, as events: spellings, messages, kinds, garbage.
#include "ingest/security_report.h"

#include <gtest/gtest.h>

#include "event/event_json.h"
#include "ingest/csp_report.h"

namespace mishap {
namespace {

constexpr std::size_t kReportsMax = 3;

SecurityReports Read(std::string_view body, ReportDoor door = ReportDoor::kSecurity) {
  JsonTree tree;
  ReportSource source;
  source.release = "web@1";
  source.client_ip = "203.0.113.5";
  source.headers = {{"User-Agent", "Firefox"}};
  auto reports = ReadSecurityReports(body, door, source, kReportsMax, tree);
  EXPECT_TRUE(reports) << body;
  return reports ? *reports : SecurityReports{};
}

Event OnlyEvent(std::string_view body, ReportDoor door = ReportDoor::kSecurity) {
  SecurityReports reports = Read(body, door);
  EXPECT_EQ(reports.events.size(), 1u) << body;
  if (reports.events.empty()) return {};
  auto event = EventReader().Read(reports.events[0]);
  EXPECT_TRUE(event) << reports.events[0];
  return event ? *event : Event{};
}

TEST(SecurityReport, MessageSaysWhatWasBlocked) {
  struct Case {
    const char* effective;
    const char* violated;
    const char* blocked;
    const char* message;
  };
  for (const Case& c : {
           Case{"img-src", "", "https://cdn.example:8443/x.png?a",
                "Blocked 'image' from 'cdn.example:8443'"},
           Case{"img-src https://a.example", "", "data", "Blocked 'image' from 'data:'"},
           Case{"", "connect-src 'self'", "wss://a.example/x",
                "Blocked 'connect' from 'wss://a.example'"},
           Case{"form-action", "", "https://evil.example/",
                "Blocked 'form' action to 'evil.example'"},
           Case{"frame-src", "", "https://f.example", "Blocked 'frame-src' from 'f.example'"},
           Case{"script-src-attr", "", "https://e.example",
                "Blocked inline script attribute from 'e.example'"},
           Case{"style-src-attr", "", "https://e.example",
                "Blocked style attribute from 'e.example'"},
           Case{"style-src", "", "self", "Blocked inline 'style'"},
           Case{"style-src", "", "", "Blocked inline 'style'"},
           Case{"style-src", "", "https://shop.example/own.css", "Blocked inline 'style'"},
           Case{"script-src", "", "", "Blocked unsafe (eval() or inline) 'script'"},
           Case{"script-src", "script-src 'unsafe-inline'", "", "Blocked unsafe inline 'script'"},
           Case{"script-src", "", "inline", "Blocked unsafe inline 'script'"},
           Case{"script-src", "", "eval", "Blocked unsafe eval() 'script'"},
           Case{"script-src-elem", "", "self", "Blocked inline script attribute"},
           Case{"style-src-elem", "", "inline", "Blocked 'style' or 'link' element"},
       }) {
    std::string body = std::string(R"({"csp-report":{"document-uri":"https://shop.example/cart")") +
                       R"(,"effective-directive":")" + c.effective + R"(","violated-directive":")" +
                       c.violated + R"(","blocked-uri":")" + c.blocked + "\"}}";
    Event event = OnlyEvent(body);
    ASSERT_TRUE(event.logentry) << body;
    EXPECT_EQ(event.logentry->formatted, c.message) << body;
  }
}

TEST(SecurityReport, ThreeSpellingsAreOneReport) {
  for (const char* body :
       {R"({"csp-report":{"document-uri":"https://a.example/","blocked-uri":"https://b.example/x",
            "violated-directive":"img-src a.example https://a.example c.example","line-number":7}})",
        R"({"csp-report":{"document_uri":"https://a.example/","blocked_uri":"https://b.example/x",
            "violated_directive":"img-src a.example https://a.example c.example","line_number":"7"}})",
        R"({"type":"csp-violation","body":{"documentURL":"https://a.example/","blockedURL":
            "https://b.example/x","violatedDirective":"img-src a.example https://a.example c.example",
            "lineNumber":7}})"}) {
    Event event = OnlyEvent(body);
    EXPECT_EQ(event.logger, "csp");
    EXPECT_EQ(event.culprit, "img-src 'self' 'self' c.example");
    EXPECT_EQ(event.Tag("effective-directive"), "img-src");
    EXPECT_EQ(event.Tag("blocked-uri"), "https://b.example/x");
    EXPECT_EQ(event.release, "web@1");
    ASSERT_TRUE(event.user);
    EXPECT_EQ(event.user->ip_address, "203.0.113.5");
    ASSERT_EQ(event.other.size(), 1u);
    EXPECT_EQ(event.other[0].first, "csp");
    EXPECT_NE(event.other[0].second.text.find(R"("line_number":"7")"), std::string::npos);
  }
}

TEST(SecurityReport, ListsGiveOneEventEach) {
  const std::string good =
      R"({"type":"csp-violation","user_agent":"Later/1","body":{"effectiveDirective":"img-src"}})";
  SecurityReports reports =
      Read("[" + good + R"(,{"type":"deprecation"},7,{"type":"csp-violation"},)" + good + "," +
           good + "," + good + R"(,{"type":"csp-violation","body":{}}])");
  EXPECT_EQ(reports.events.size(), kReportsMax);
  EXPECT_EQ(reports.other_types, 2);
  EXPECT_EQ(reports.invalid, 1);
  EXPECT_EQ(reports.over, 2);  // the limit comes before a look at the body
  EXPECT_NE(reports.events[0].find("Later/1"), std::string::npos);
}

TEST(SecurityReport, OtherKinds) {
  Event staple = OnlyEvent(R"({"expect-staple-report":{"hostname":"a.example"}})");
  EXPECT_EQ(staple.logentry->formatted, "Expect-Staple failed for 'a.example'");
  Event pins = OnlyEvent(R"({"hostname":"a.example","known-pins":["x"],"port":443})");
  EXPECT_EQ(pins.logentry->formatted, "Public key pinning validation failed for 'a.example'");
  ASSERT_FALSE(pins.other.empty());
  EXPECT_EQ(pins.other[0].first, "hpkp");
  Event nel = OnlyEvent(R"([{"type":"network-error","url":"https://a.example/x?secret=1",
      "body":{"type":"dns.unreachable","phase":"dns","method":"GET"}}])",
                        ReportDoor::kNel);
  EXPECT_EQ(nel.logentry->formatted, "Network error dns.unreachable at https://a.example/x");
  EXPECT_EQ(nel.fingerprint.size(), 3u);
}

TEST(SecurityReport, WhatIsNoneGivesNone) {
  for (const char* body :
       {"{}", "[]", "7", "null", R"({"csp-report":{}})", R"({"csp-report":7})",
        R"({"csp-report":{"effective-directive":"what-src"}})", R"({"expect-ct-report":{}})",
        R"([{"type":"network-error","body":{}}])"}) {
    EXPECT_TRUE(Read(body).events.empty()) << body;
  }
  JsonTree tree;
  for (const char* body : {"", "{", "<xml/>"}) {
    auto reports = ReadSecurityReports(body, ReportDoor::kSecurity, {}, kReportsMax, tree);
    ASSERT_FALSE(reports) << body;
    EXPECT_EQ(reports.error().reason, Reason::kInvalidJson) << body;
  }
}

TEST(SecurityReport, MediaTypes) {
  EXPECT_TRUE(IsReportMediaType("application/csp-report"));
  EXPECT_TRUE(IsReportMediaType("Application/JSON; charset=utf-8"));
  EXPECT_TRUE(IsReportMediaType("application/reports+json"));
  EXPECT_FALSE(IsReportMediaType("text/plain"));
  EXPECT_FALSE(IsReportMediaType(""));
}

}  // namespace
}  // namespace mishap
