// The door from a request to its answer and to what stands in the spool: everything but sockets,
// fields and disks.
#include "ingest/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/unit/ingest/compressed.h"
#include "tests/unit/ingest/door/house.h"

namespace mishap {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Door, AnEventIsAnsweredWhenItIsInTheSpool) {
  House house;
  auto answer = house.Envelope(WithEvent());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, IdAnswer(kId));
  EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/json");
  EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*");
  auto events = house.spool.Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(ToHex(events[0].event_id), kId);
  EXPECT_EQ(events[0].key, KeyId{420});
  EXPECT_EQ(events[0].received_at, house.clock.now);
  EXPECT_EQ(house.codec.Decompress(events[0].payload, 1000).value_or("?"), kEvent);
  EXPECT_EQ(house.spool.all[0].project, ProjectId{42});
  EXPECT_THAT(house.Outcomes(), IsEmpty());  // the digest settles it
  EXPECT_EQ(house.last_context.client_ip, "203.0.113.5");
  EXPECT_EQ(house.last_context.project->id, ProjectId{42});
}

TEST(Door, TheAnswerWaitsForTheSpool) {
  House house;
  house.spool.mode = MemorySpool::Mode::kHold;
  HttpMessageRequest request;
  request.method = "POST";
  request.path = "/api/42/envelope/";
  request.query = "sentry_key=" + kKey;
  request.body = WithEvent();
  std::promise<int> status;
  auto answered = status.get_future();
  house.door.Handle(std::move(request), [&](const HttpMessageResponse& response) {
    status.set_value(response.status);
  });
  Spool::AppendDone done = house.spool.WaitForHeld();
  EXPECT_EQ(answered.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  std::thread stopping([&] { house.door.Stop(); });  // waits for the append in flight
  done({});
  stopping.join();
  EXPECT_EQ(answered.get(), 200);
}

TEST(Door, TheSpoolsRefusalIs503AndCounted) {
  for (auto mode : {MemorySpool::Mode::kRefuse, MemorySpool::Mode::kFail}) {
    House house;
    house.spool.mode = mode;
    auto answer = house.Envelope(WithEvent("\n{\"type\":\"session\"}\n{}"));
    EXPECT_EQ(answer.status, 503);
    int seconds = std::stoi(HeaderOf(answer, "Retry-After"));
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 5);
    house.spool.mode = MemorySpool::Mode::kAnswer;
    EXPECT_THAT(house.Outcomes(),
                UnorderedElementsAre("invalid/error/internal=1", "invalid/session/payload=1"));
  }
}

struct AuthCase {
  const char* name;
  std::string target;
  HttpHeaders headers;
  std::string envelope_header;
  int status;
};

TEST(Door, AuthenticatesAndAdmits) {
  const std::string dsn = "{\"dsn\":\"https://" + kKey + "@h/42\"}";
  const AuthCase cases[] = {
      {"query", "/api/42/envelope/?sentry_key=" + kKey, {}, "{}", 200},
      {"header", "/api/42/envelope/", {{"X-Sentry-Auth", "Sentry sentry_key=" + kKey}}, "{}", 200},
      {"B13 dsn only", "/api/42/envelope/", {}, dsn, 200},
      {"both", "/api/42/envelope/?sentry_key=" + kKey, {}, dsn, 200},
      {"B14 dsn of another project", "/api/43/envelope/?sentry_key=" + kLimited, {}, dsn, 400},
      {"dsn of another key", "/api/42/envelope/?sentry_key=" + kLimited, {}, dsn, 403},
      {"dsn with another URL", "/api/43/envelope/", {}, dsn, 400},
      {"B15 two keys",
       "/api/42/envelope/?sentry_key=" + kKey,
       {{"X-Sentry-Auth", "Sentry sentry_key=" + kLimited}},
       "{}",
       401},
      {"B16 nothing", "/api/42/envelope/", {}, "{}", 401},
      {"B17 unknown key", "/api/42/envelope/?sentry_key=" + std::string(32, 'f'), {}, "{}", 403},
      {"key of another project", "/api/42/envelope/?sentry_key=" + kLimited, {}, "{}", 403},
      {"bad key", "/api/42/envelope/?sentry_key=x", {}, "{}", 400},
      {"bad project", "/api/web/envelope/?sentry_key=" + kKey, {}, "{}", 400},
      {"bad version", "/api/42/envelope/?sentry_version=9&sentry_key=" + kKey, {}, "{}", 400},
      {"bad dsn", "/api/42/envelope/?sentry_key=" + kKey, {}, "{\"dsn\":\"x\"}", 400},
      {"B19 no slash", "/api/42/envelope?sentry_key=" + kKey, {}, "{}", 200},
      {"empty content-encoding",
       "/api/42/envelope/?sentry_key=" + kKey,
       {{"Content-Encoding", ""}},
       "{}",
       200},
      {"unknown content-encoding",
       "/api/42/envelope/?sentry_key=" + kKey,
       {{"Content-Encoding", "lz4"}},
       "{}",
       415},
      {"form content-type",
       "/api/42/envelope/?sentry_key=" + kKey,
       {{"Content-Type", "application/x-www-form-urlencoded"}},
       "{}",
       200},
  };
  House house;
  for (const AuthCase& c : cases) {
    auto answer =
        house.Post(c.target, c.envelope_header + "\n{\"type\":\"event\"}\n" + kEvent, c.headers);
    EXPECT_EQ(answer.status, c.status) << c.name << ": " << answer.body;
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*") << c.name;
    EXPECT_EQ(answer.status == 200, HeaderOf(answer, "X-Sentry-Error").empty()) << c.name;
  }
  house.directory.authoritative = false;
  auto unsure = house.Post("/api/42/envelope/?sentry_key=" + std::string(32, 'f'), "{}");
  EXPECT_EQ(unsure.status, 503);
  EXPECT_NE(HeaderOf(unsure, "Retry-After"), "");
  EXPECT_EQ(house.Envelope(WithEvent()).status, 200);  // a known key needs no database
}

TEST(Door, RoutesAndMethods) {
  House house;
  auto send = [&](std::string method, std::string target) {
    HttpMessageRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    return house.Send(std::move(request));
  };
  for (const char* path : {"/api/42/envelope/", "/api/1/store/", "/api/9/security/"}) {  // B18
    auto preflight = send("OPTIONS", path);
    EXPECT_EQ(preflight.status, 200) << path;
    EXPECT_EQ(preflight.body, "");
    EXPECT_NE(HeaderOf(preflight, "Access-Control-Allow-Headers").find("x-sentry-auth"),
              std::string::npos);
  }
  EXPECT_EQ(send("POST", "/api/42/unreal/key/").status, 404);
  EXPECT_EQ(send("GET", "/api/42/envelope/").status, 405);
  EXPECT_EQ(send("PUT", "/api/42/store/").status, 405);
  EXPECT_EQ(HeaderOf(send("PUT", "/api/42/store/"), "Access-Control-Allow-Origin"), "*");
  EXPECT_TRUE(house.door.Owns("/api/42/envelope"));
  EXPECT_FALSE(house.door.Owns("/api/0/projects/"));
}

TEST(Door, StoreTakesLegacyBodies) {
  const std::string json = "{\"event_id\":\"" + kId + "\",\"message\":\"m\"}";
  struct Case {
    const char* name;
    std::string target;
    std::string body;
    HttpHeaders headers;
  };
  const std::string auth = "?sentry_key=" + kKey;
  const Case cases[] = {
      {"plain", "/api/42/store/" + auth, json, {}},
      {"B20", "//api//42//store//" + auth, json, {}},
      {"without project", "/api/store/" + auth, json, {}},
      {"B25 base64 of zlib", "/api/42/store/" + auth, EncodeBase64(Deflate(json, Wrap::kZlib)), {}},
      {"deflate",
       "/api/42/store/" + auth,
       Deflate(json, Wrap::kZlib),
       {{"Content-Encoding", "deflate"}}},
      {"gzip around base64 of zlib",
       "/api/42/store/" + auth,
       Deflate(EncodeBase64(Deflate(json, Wrap::kZlib)), Wrap::kGzip),
       {{"Content-Encoding", "gzip"}}},
      {"envelope",
       "/api/42/store/" + auth,
       "{}\n{\"type\":\"event\"}\n" + json,
       {{"Content-Type", "application/x-sentry-envelope; charset=utf-8"}}},
  };
  House house;
  for (const Case& c : cases) {
    auto answer = house.Post(c.target, c.body, c.headers);
    EXPECT_EQ(answer.status, 200) << c.name << answer.body;
    EXPECT_EQ(answer.body, IdAnswer(kId)) << c.name;
  }
  EXPECT_EQ(house.spool.Events().size(), std::size(cases));
  EXPECT_EQ(house.Post("/api/42/store/" + auth, "").status, 400);
  EXPECT_EQ(house.Post("/api/42/store/" + auth, "nonsense!").status, 400);
}

TEST(Door, StoreByGetAnswersAPixel) {
  House house;
  HttpMessageRequest request;
  request.method = "GET";
  request.target = "/api/42/store/?sentry_key=" + kKey + "&sentry_data=" + PercentEncode(kEvent);
  auto answer = house.Send(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(HeaderOf(answer, "Content-Type"), "image/gif");
  EXPECT_EQ(house.spool.Events().size(), 1u);
  request.target = "/api/42/store/?sentry_key=" + kKey;
  EXPECT_EQ(house.Send(request).status, 400);
}

TEST(Door, ABugCostsOneRequest) {
  House house;
  EXPECT_EQ(house.Envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"throw\"}").status, 500);
  EXPECT_EQ(house.Envelope(WithEvent()).status, 200);
}

TEST(Door, AStoppedDoorIs503) {
  House house;
  house.door.Stop();
  auto answer = house.Envelope(WithEvent());
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(HeaderOf(answer, "Retry-After"), "");
}

}  // namespace
}  // namespace mishap
