// Sessions, check-ins and what people write, from a client's JSON to the record.
#include <gtest/gtest.h>

#include "ingest/typed/check_in_item.h"
#include "ingest/typed/feedback_item.h"
#include "ingest/typed/session_item.h"
#include "tests/unit/ingest/fakes.h"

namespace mishap {
namespace {

constexpr Timestamp kNow{1'777'629'600 * kMicrosPerSecond};  // 2026-05-01T10:00:00Z
const IngestLimits kLimits;

struct Items {
  ItemResult<SessionUpdate> Session(std::string_view json,
                                    std::optional<Timestamp> sent_at = std::nullopt) {
    return ReadSession(*tree.Parse(json), {kNow, sent_at}, kLimits, random);
  }
  ItemResult<SessionAggregate> Sessions(std::string_view json) {
    return ReadSessions(*tree.Parse(json), {kNow, std::nullopt}, kLimits);
  }
  ItemResult<CheckIn> Check(std::string_view json) {
    return ReadCheckIn(*tree.Parse(json), random);
  }
  JsonTree tree;
  CountingRandom random;
};

TEST(TypedItems, ASessionWithEverything) {
  Items items;
  auto session = items.Session(R"({"sid":"9EC79C33-EC99-42AB-8353-589FCB2E04DC","did":42,"seq":7,
      "timestamp":"2026-05-01T09:59:00Z","started":1777629000.5,"duration":1.25,"status":"crashed",
      "errors":"2","abnormal_mechanism":"anr_foreground","attrs":{"release":" shop@1 ",
      "environment":"prod","ip_address":"203.0.113.9"}})");
  ASSERT_TRUE(session);
  EXPECT_EQ(ToHex(session->sid), "9ec79c33ec9942ab8353589fcb2e04dc");
  EXPECT_EQ(session->user_hash, UserHashOf("42"));
  EXPECT_EQ(session->seq, 7u);
  EXPECT_FALSE(session->init);
  EXPECT_EQ(session->started.micros, 1'777'629'000'500'000);
  EXPECT_EQ(session->duration_ms, 1250);
  EXPECT_EQ(session->status, SessionStatus::kCrashed);
  EXPECT_EQ(session->errors, 2u);
  EXPECT_EQ(session->mechanism, AbnormalMechanism::kAnrForeground);
  EXPECT_EQ(session->release, "shop@1");
  EXPECT_EQ(session->environment, "prod");
}

TEST(TypedItems, ASessionsDefaults) {
  Items items;
  auto session = items.Session(R"({"sid":null,"did":null,"seq":null,"init":true,"timestamp":null,
      "started":"2026-05-01T09:00:00Z","duration":null,"status":null,"errors":null,
      "attrs":{"release":"r","environment":"a/b"}})");
  ASSERT_TRUE(session);
  EXPECT_FALSE(session->sid.IsNil());
  EXPECT_FALSE(session->user_hash);
  EXPECT_EQ(session->seq, 0u);
  EXPECT_EQ(session->timestamp, kNow);
  EXPECT_EQ(session->duration_ms, -1);
  EXPECT_EQ(session->status, SessionStatus::kOk);
  EXPECT_EQ(session->environment, "");  // not a name: none
  auto update = items.Session(
      R"({"started":"2026-05-01T09:00:00Z","status":"abnormal","attrs":{"release":"r"}})");
  EXPECT_EQ(update->seq, static_cast<std::uint64_t>(kNow.micros / 1000));
  EXPECT_EQ(update->errors, 1u);
  auto strange = items.Session(
      R"({"started":"2026-05-01T09:00:00Z","status":"evaporated","attrs":{"release":"r"}})");
  EXPECT_EQ(strange->status, SessionStatus::kUnknown);
}

TEST(TypedItems, SessionsThatAreNone) {
  Items items;
  for (const char* json : {"{}", R"({"started":"2026-05-01T09:00:00Z"})",
                           R"({"started":"2026-05-01T09:00:00Z","attrs":{"release":"latest"}})",
                           R"({"started":"2026-05-01T09:00:00Z","attrs":{"release":""}})",
                           R"({"started":"never","attrs":{"release":"r"}})"}) {
    EXPECT_EQ(items.Session(json).error(), "payload") << json;
  }
  for (const char* started : {"2026-04-25T00:00:00Z", "2026-05-01T10:02:00Z"}) {
    const std::string json =
        R"({"attrs":{"release":"r"},"started":")" + std::string(started) + "\"}";
    EXPECT_EQ(items.Session(json).error(), "timestamp") << started;
  }
  // A client whose clock is a year behind: what it sent is shifted by as much.
  const std::string slow = R"({"attrs":{"release":"r"},"started":"2025-05-01T09:00:00Z"})";
  auto shifted = items.Session(slow, ParseTimestamp("2025-05-01T10:00:00Z"));
  ASSERT_TRUE(shifted);
  EXPECT_EQ(shifted->started.micros, kNow.micros - kMicrosPerHour);
}

TEST(TypedItems, Aggregates) {
  Items items;
  auto aggregate = items.Sessions(R"({"attrs":{"release":"r"},"aggregates":[
      {"started":"2026-05-01T09:00:00Z","exited":3,"errored":1,"crashed":-5,"did":"u"},
      {"started":"2020-05-01T09:00:00Z","exited":3}, {"exited":1}]})");
  ASSERT_TRUE(aggregate);
  ASSERT_EQ(aggregate->buckets.size(), 1u);
  EXPECT_EQ(aggregate->buckets[0].exited, 3);
  EXPECT_EQ(aggregate->buckets[0].errored, 1);
  EXPECT_EQ(aggregate->buckets[0].crashed, 0);
  EXPECT_TRUE(aggregate->buckets[0].user_hash);
  EXPECT_EQ(items.Sessions(R"({"aggregates":[]})").error(), "payload");
  EXPECT_EQ(items.Sessions(R"({"attrs":{"release":"r"},"aggregates":[]})").error(), "payload");
  EXPECT_EQ(items.Sessions(R"({"attrs":{"release":"r"},"aggregates":[{"started":1}]})").error(),
            "timestamp");
  std::string many = R"({"attrs":{"release":"r"},"aggregates":[{"started":1777629000})";
  for (int i = 0; i < 100; ++i) many += R"(,{"started":1777629000})";
  EXPECT_EQ(items.Sessions(many + "]}").error(), "too_large:sessions");
}

TEST(TypedItems, CheckIns) {
  Items items;
  auto check = items.Check(R"({"check_in_id":"9ec79c33ec9942ab8353589fcb2e04dc","status":"ok",
      "monitor_slug":"  nightly ","duration":"2.5","release":"r","environment":null,"type":"check_in",
      "contexts":{"trace":{"trace_id":"9EC79C33EC9942AB8353589FCB2E04DC"}},
      "monitor_config":{"schedule":{"type":"interval","value":5,"unit":"minute"},"max_runtime":30,
      "timezone":"Europe/Berlin","password":"x"}})");
  ASSERT_TRUE(check);
  EXPECT_FALSE(check->latest);
  EXPECT_EQ(check->slug, "nightly");
  EXPECT_EQ(check->status, CheckInStatus::kOk);
  EXPECT_EQ(check->duration_ms, 2500);
  EXPECT_EQ(check->environment, "production");
  EXPECT_EQ(check->trace_id, "9ec79c33ec9942ab8353589fcb2e04dc");
  EXPECT_EQ(check->monitor_config,
            R"({"schedule":{"type":"interval","value":5,"unit":"minute"},"max_runtime":30,)"
            R"("timezone":"Europe/Berlin"})");
  auto zero = items.Check(R"({"check_in_id":"00000000-0000-0000-0000-000000000000",
                              "monitor_slug":")" +
                          std::string(60, 's') + R"(","status":"missed"})");
  ASSERT_TRUE(zero);
  EXPECT_TRUE(zero->latest);
  EXPECT_FALSE(zero->id.IsNil());
  EXPECT_EQ(zero->slug.size(), 50u);
  EXPECT_EQ(zero->status, CheckInStatus::kUnknown);
  EXPECT_EQ(zero->monitor_config, "");
  EXPECT_EQ(items.Check(R"({"status":"ok"})").error(), "payload");
}

TEST(TypedItems, CronCalls) {
  Items items;
  auto call = [&](std::string_view query, std::string_view body = "") {
    std::optional<JsonValue> json;
    if (!body.empty()) json = *items.tree.Parse(body);
    return ReadCronCall("nightly", ParseQuery(query), json, items.random);
  };
  auto check = call("status=ok&duration=1.5&environment=staging");
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->latest);
  EXPECT_EQ(check->duration_ms, 1500);
  EXPECT_EQ(check->environment, "staging");
  auto both =
      call("status=error", R"({"status":"ok","release":"r","monitor_config":{"owner":"me"}})");
  EXPECT_EQ(both->status, CheckInStatus::kError);
  EXPECT_EQ(both->release, "r");
  EXPECT_EQ(both->monitor_config, R"({"owner":"me"})");
  EXPECT_FALSE(call(""));
  EXPECT_FALSE(call("status=sideways"));
  EXPECT_FALSE(ReadCronCall("", {}, std::nullopt, items.random));
}

TEST(TypedItems, WhatPeopleWrite) {
  Items items;
  ProjectEntry project;
  auto report = [&](std::string_view json, const EventId& id = {}) {
    return ReadUserReport(*items.tree.Parse(json), id, kNow, project, kLimits);
  };
  auto good = report(R"({"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","name":"Ann",
      "email":"a@example.com","comments":"card 4111 1111 1111 1111 broke"})");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->comments, "card [Filtered] broke");
  EXPECT_EQ(good->email, "a@example.com");
  EXPECT_EQ(good->id, good->event_id);
  EXPECT_FALSE(report(R"({"comments":"about nothing"})"));
  EventId id;
  id.bytes[0] = 1;
  EXPECT_EQ(report(R"({"comments":"c"})", id)->event_id, id);
  EXPECT_FALSE(report(R"({"comments":"  "})", id));

  auto feedback = [&](std::string_view json) {
    return ReadFeedbackEvent(*items.tree.Parse(json), id, kNow, kLimits);
  };
  auto said = feedback(R"({"contexts":{"feedback":{"message":"m","url":"https://x.example/",
      "associated_event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}},"user":{"username":"bob",
      "email":"b@example.com"},"release":"r","environment":"e"})");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->name, "bob");
  EXPECT_EQ(said->email, "b@example.com");
  EXPECT_EQ(said->release, "r");
  EXPECT_EQ(said->occurred_at, kNow);
  EXPECT_FALSE(said->event_id.IsNil());
  EXPECT_EQ(feedback(R"({"contexts":{"feedback":{}}})").error(), "payload");
  EXPECT_EQ(feedback("{}").error(), "payload");
  EXPECT_EQ(feedback(R"({"contexts":{"feedback":{"message":")" + std::string(5000, 'x') + "\"}}}")
                .error(),
            "too_large:feedback");
}

}  // namespace
}  // namespace mishap
