// What becomes of each item of an envelope: one outcome, or a record in the spool.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ingest/door/house.h"

namespace mishap {
namespace {

struct ItemCase {
  const char* name;
  std::string body;
  int status;
  std::string answer;  // of a 200
  std::vector<std::string> outcomes;
  std::size_t events;
};

TEST(Door, EveryItemEndsInOneOutcome) {
  const std::string head = "{\"event_id\":\"" + kId + "\"}\n";
  const std::string report =
      "{\"type\":\"client_report\"}\n{\"discarded_events\":[{\"reason\":\"before_send\","
      "\"category\":\"error\",\"quantity\":3}]}";
  const ItemCase cases[] = {
      {"B1 header only", "{}", 200, "{}", {"invalid/default/empty_envelope=1"}, 0},
      {"header with id", head, 200, IdAnswer(kId), {"invalid/default/empty_envelope=1"}, 0},
      {"B9 unknown type",
       "{}\n{\"type\":\"new\"}\nx",
       200,
       "{}",
       {"filtered/default/unsupported-item=1"},
       0},
      {"B10 unknown type and event",
       WithEvent("\n{\"type\":\"new\"}\nx"),
       200,
       IdAnswer(kId),
       {"filtered/default/unsupported-item=1"},
       1},
      {"B11 event and transaction",
       WithEvent("\n{\"type\":\"transaction\"}\n{}"),
       200,
       IdAnswer(kId),
       {"invalid/transaction/duplicate_item=1"},
       1},
      {"transaction",
       head + "{\"type\":\"transaction\"}\n{}",
       200,
       IdAnswer(kId),
       {"filtered/transaction/unsupported-item=1"},
       0},
      {"two events",
       WithEvent("\n{\"type\":\"event\"}\n{}"),
       200,
       IdAnswer(kId),
       {"invalid/error/duplicate_item=1"},
       1},
      {"attachment before its event",
       head + "{\"type\":\"attachment\",\"length\":5}\nab\ncd\n{\"type\":\"event\"}\n{}",
       200,
       IdAnswer(kId),
       {},  // the digest settles it
       1},
      {"B49 attachment alone",
       head + "{\"type\":\"attachment\",\"length\":0}\n",
       200,
       IdAnswer(kId),
       {},
       0},
      {"sessions",
       "{}\n{\"type\":\"session\"}\n{}\n{\"type\":\"sessions\"}\n{}",
       200,
       "{}",
       {"invalid/session/payload=2"},
       0},
      {"session alone and bad",
       "{}\n{\"type\":\"session\"}\n{}",
       400,
       "",
       {"invalid/session/payload=1"},
       0},
      {"B48 client report with an event", WithEvent("\n" + report), 200, IdAnswer(kId), {}, 1},
      {"bad client report",
       "{}\n{\"type\":\"client_report\"}\nx",
       400,
       "",
       {"invalid/internal/invalid_json=1"},
       0},
      {"event is no JSON",
       head + "{\"type\":\"event\"}\nnonsense",
       400,
       "",
       {"invalid/error/invalid_json=1"},
       0},
      {"event is a list",
       head + "{\"type\":\"event\"}\n[]",
       400,
       "",
       {"invalid/error/invalid_json=1"},
       0},
      {"bad event beside a report",
       head + "{\"type\":\"event\"}\nx\n" + report,
       200,
       IdAnswer(kId),
       {"invalid/error/invalid_json=1"},
       0},
      {"structure", WithEvent("\nnonsense\n"), 400, "", {"invalid/error/invalid_envelope=1"}, 0},
      {"event too large",
       head + "{\"type\":\"event\"}\n" + std::string(3 << 20, ' '),
       413,
       "",
       {"invalid/error/too_large:event=1"},
       0},
  };
  for (const ItemCase& c : cases) {
    House house;
    auto answer = house.Envelope(c.body);
    EXPECT_EQ(answer.status, c.status) << c.name << ": " << answer.body;
    if (c.status == 200) {
      EXPECT_EQ(answer.body, c.answer) << c.name;
      EXPECT_EQ(house.spool.groups.size(), 1u) << c.name;  // all or none
    }
    EXPECT_THAT(house.Outcomes(), testing::UnorderedElementsAreArray(c.outcomes)) << c.name;
    EXPECT_EQ(house.spool.Events().size(), c.events) << c.name;
  }
}

TEST(Door, AnEventWithoutAnIdGetsOne) {
  House house;
  auto answer = house.Envelope("{}\n{\"type\":\"event\"}\n{}");
  EXPECT_EQ(answer.body, IdAnswer("00000000000000000000000000000001"));
}

const std::string kCsp =
    R"({"csp-report":{"document-uri":"https://shop.example/","violated-directive":"img-src",)"
    R"("blocked-uri":"https://evil.example/a.png"}})";

TEST(DoorItems, ReportsOfBrowsersAsItemsBecomeEvents) {
  const std::string head = "{\"event_id\":\"" + kId + "\"}\n";
  const std::string typed = R"({"type":"csp-violation","body":{"effectiveDirective":"img-src",)"
                            R"("blockedURL":"https://evil.example/"}})";
  const ItemCase cases[] = {
      {"as it came", head + "{\"type\":\"raw_security\"}\n" + kCsp, 200, IdAnswer(kId), {}, 1},
      {"named security", head + "{\"type\":\"security\"}\n" + kCsp, 200, IdAnswer(kId), {}, 1},
      {"an event already",
       head + "{\"type\":\"security\"}\n{\"csp\":{\"blocked_uri\":\"self\"},\"type\":\"csp\"}",
       200,
       IdAnswer(kId),
       {},
       1},
      {"a list",
       head + "{\"type\":\"raw_security\"}\n[" + typed + "," + typed + ",{}]",
       200,
       IdAnswer(kId),
       {"invalid/security/security_report_type=1"},
       2},
      {"after an event",
       WithEvent("\n{\"type\":\"security\"}\n" + kCsp),
       200,
       IdAnswer(kId),
       {"invalid/security/duplicate_item=1"},
       1},
      {"nothing of the kind",
       head + "{\"type\":\"raw_security\"}\n{\"a\":1}",
       400,
       "",
       {"invalid/security/security_report_type=1"},
       0},
      {"no JSON",
       head + "{\"type\":\"security\"}\nnonsense",
       400,
       "",
       {"invalid/security/invalid_json=1"},
       0},
      {"too large",
       head + "{\"type\":\"raw_security\"}\n{\"a\":\"" + std::string(1 << 20, 'x') + "\"}",
       413,
       "",
       {"invalid/security/too_large:security_report=1"},
       0},
  };
  for (const ItemCase& c : cases) {
    House house;
    auto answer = house.Envelope(c.body);
    EXPECT_EQ(answer.status, c.status) << c.name << ": " << answer.body;
    if (c.status == 200) {
      EXPECT_EQ(answer.body, c.answer) << c.name;
    }
    EXPECT_THAT(house.Outcomes(), testing::UnorderedElementsAreArray(c.outcomes)) << c.name;
    EXPECT_EQ(house.spool.Events().size(), c.events) << c.name;
  }
}

TEST(DoorItems, AReportItemCarriesReleaseAgentAndAddress) {
  House house;
  auto answer = house.Envelope(
      "{}\n{\"type\":\"raw_security\",\"sentry_release\":\"web@1\","
      "\"sentry_environment\":\"beta\"}\n" +
          kCsp,
      {{"User-Agent", "Mozilla/5.0 Test"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto events = house.spool.Events();
  ASSERT_EQ(events.size(), 1u);
  const std::string json = house.codec.Decompress(events[0].payload, 10'000).value_or("?");
  for (const char* wanted :
       {R"("release":"web@1")", R"("environment":"beta")", R"("ip_address":"203.0.113.5")",
        "Mozilla/5.0 Test", "Blocked 'image' from 'evil.example'"}) {
    EXPECT_NE(json.find(wanted), std::string::npos) << wanted << " in " << json;
  }
}

}  // namespace
}  // namespace mishap
