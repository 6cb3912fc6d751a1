// Normalising the fields of an event beside its stacks (ingest-protocol 6 and 7).
#include "ingest/normalise.h"

#include <gmock/gmock.h>

#include "ingest/normalise_limits.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(NormaliseTest, DefaultsOfAnEmptyEvent) {
  Event event = Normalized("{}");
  EXPECT_EQ(WriteEventJson(event),
            R"({"level":"error","type":"default","platform":"other",)"
            R"("timestamp":"2026-05-01T10:00:00Z","received":"2026-05-01T10:00:00Z"})");
}

TEST(NormaliseTest, TypeIsInferred) {
  EXPECT_EQ(Normalized(R"({"type":"event","exception":[{"type":"E"}]})").type, "error");
  EXPECT_EQ(Normalized(R"({"type":"error","message":"x"})").type, "default");
  EXPECT_EQ(Normalized(R"({"csp":{"blocked-uri":"x"}})").type, "csp");
  EXPECT_EQ(Normalized(R"({"sentry.interfaces.Csp":{"blocked-uri":"x"}})").type, "csp");
}

TEST(NormaliseTest, EnvelopeIdWins) {
  EventContext context;
  context.envelope_event_id = *ParseId128<EventId>("ffffffffffffffffffffffffffffffff");
  EXPECT_EQ(ToHex(Normalized(R"({"event_id":"0123456789abcdef0123456789abcdef"})", context).id),
            "ffffffffffffffffffffffffffffffff");
  EXPECT_EQ(ToHex(Normalized(R"({"event_id":"01234567-89AB-CDEF-0123-456789ABCDEF"})").id),
            "0123456789abcdef0123456789abcdef");
}

TEST(NormaliseTest, Platforms) {
  EXPECT_EQ(Normalized(R"({"platform":"crystal"})").platform, "crystal");
  EXPECT_EQ(Normalized(R"({"platform":"a b"})").platform, "other");
  EXPECT_EQ(Normalized(R"({"platform":""})").platform, "other");
}

TEST(NormaliseTest, Loggers) {
  EXPECT_EQ(Normalized(R"({"logger":" a.b "})").logger, "a.b");
  EXPECT_EQ(Normalized(R"({"logger":"a\nb"})").logger, "");
  std::string segment(30, 's');
  EXPECT_EQ(Normalized("{\"logger\":\"" + segment + "." + segment + "." + segment + "\"}").logger,
            "*." + segment + "." + segment);
}

TEST(NormaliseTest, ReleaseEnvironmentDist) {
  auto release = [](const std::string& value) {
    return Normalized("{\"release\":" + value + "}").release;
  };
  EXPECT_EQ(release("\" web@1.0 \""), "web@1.0");
  EXPECT_EQ(release("1.5"), "1");
  for (const char* bad : {"\"latest\"", "\"Latest\"", "\"a/b\"", "\"..\"", "\"a\\tb\""}) {
    EXPECT_EQ(release(bad), "") << bad;
  }
  EXPECT_EQ(release("\"" + std::string(200, 'x') + "\"").size(), 200u);
  EXPECT_EQ(release("\"" + std::string(201, 'x') + "\""), "");
  EXPECT_THAT(ErrorNames(Normalized(R"({"release":"a/b","environment":"none","dist":"a b"})")),
              ElementsAre("invalid_data release", "invalid_data dist", "invalid_data environment"));
  EXPECT_EQ(Normalized(R"({"dist":17})").dist, "17");
}

TEST(NormaliseTest, EnvironmentTagIsPromoted) {
  Event event = Normalized(R"({"tags":{"environment":"prod","release":"x","zone":"eu"}})");
  EXPECT_EQ(event.environment, "prod");
  EXPECT_THAT(event.tags, ElementsAre(Pair("zone", "eu")));
  EXPECT_EQ(Normalized(R"({"environment":"a","tags":{"environment":"b"}})").environment, "a");
}

TEST(NormaliseTest, Times) {
  struct Case {
    const char* name;
    const char* json;
    std::optional<std::int64_t> sent_s;  // relative to arrival
    std::int64_t want_s;                 // relative to arrival
    std::vector<std::string> errors;
  };
  const Case cases[] = {
      {"absent", "{}", {}, 0, {}},
      {"a minute ago", R"({"timestamp":"2026-05-01T09:59:00Z"})", {}, -60, {}},
      {"29 days ago", R"({"timestamp":"2026-04-02T10:00:00Z"})", {}, -29 * 86400, {}},
      {"40 days ago",
       R"({"timestamp":"2026-03-22T10:00:00Z"})",
       {},
       0,
       {"past_timestamp timestamp"}},
      {"tomorrow",
       R"({"timestamp":"2026-05-02T10:00:00Z"})",
       {},
       0,
       {"future_timestamp timestamp"}},
      {"59 s ahead", R"({"timestamp":"2026-05-01T10:00:59Z"})", {}, 59, {}},
      {"drift of 3 h",
       R"({"timestamp":"2026-05-01T06:59:00Z"})",
       -3 * 3600,
       -60,
       {"clock_drift timestamp"}},
      {"clock ahead",
       R"({"timestamp":"2026-05-01T12:59:00Z"})",
       3 * 3600,
       -60,
       {"clock_drift timestamp"}},
      {"small drift", R"({"timestamp":"2026-05-01T09:30:00Z"})", -30 * 60, -1800, {}},
      {"milliseconds", R"({"timestamp":1777629600000})", {}, 0, {"invalid_data timestamp"}},
  };
  for (const Case& c : cases) {
    EventContext context;
    if (c.sent_s) context.sent_at = Timestamp{kArrival.micros + *c.sent_s * kMicrosPerSecond};
    Event event = Normalized(c.json, context);
    EXPECT_EQ(event.timestamp.micros, kArrival.micros + c.want_s * kMicrosPerSecond) << c.name;
    EXPECT_EQ(event.received, kArrival) << c.name;
    EXPECT_EQ(ErrorNames(event), c.errors) << c.name;
  }
}

TEST(NormaliseTest, BreadcrumbsMoveWithTheClock) {
  EventContext context;
  context.sent_at = Timestamp{kArrival.micros - 2 * kMicrosPerHour};
  Event event = Normalized(
      R"({"breadcrumbs":[{"timestamp":"2026-05-01T07:59:00Z"},{"message":"x"}]})", context);
  EXPECT_EQ(FormatTimestamp(*event.breadcrumbs[0].timestamp), "2026-05-01T09:59:00Z");
  EXPECT_FALSE(event.breadcrumbs[1].timestamp);
}

TEST(NormaliseTest, Messages) {
  struct Case {
    const char* json;
    const char* message;
    const char* formatted;
  };
  const Case cases[] = {
      {R"("plain")", "", "plain"},
      {R"({"message":"a %s %d %%","params":["b",7]})", "a %s %d %%", "a b 7 %"},
      {R"({"message":"%(u)s %(n)05d","params":{"u":"x","n":3}})", "%(u)s %(n)05d", "x 3"},
      {R"({"message":"%.2f %x","params":[1.005,255]})", "%.2f %x", "1.00 ff"},
      {R"({"message":"a %s %s","params":["b"]})", "", "a %s %s"},
      {R"({"message":"100%","params":["b"]})", "", "100%"},
      {R"({"message":"a {} {1} {{}}","params":["b","c"]})", "a {} {1} {{}}", "a b c {}"},
      {R"({"message":"a {u}","params":{"u":null}})", "a {u}", "a None"},
      {R"({"message":"a {x}","params":["b"]})", "", "a {x}"},
      {R"({"message":"same","formatted":"same"})", "", "same"},
      {R"({"message":"t","formatted":"f"})", "t", "f"},
      {R"({"message":"%99999999d","params":[1]})", "%99999999d", "1"},
  };
  for (const Case& c : cases) {
    Event event = Normalized(std::string("{\"logentry\":") + c.json + "}");
    ASSERT_TRUE(event.logentry) << c.json;
    EXPECT_EQ(event.logentry->message, c.message) << c.json;
    EXPECT_EQ(event.logentry->formatted, c.formatted) << c.json;
  }
  EXPECT_FALSE(Normalized(R"({"logentry":{"params":[1]}})").logentry);
  EXPECT_FALSE(Normalized(R"({"message":""})").logentry);
}

TEST(NormaliseTest, LongMessagesAreCutAndNoted) {
  Event event = Normalized(R"({"message":")" + std::string(9000, 'm') + "\"}");
  EXPECT_EQ(event.logentry->formatted.size(), 8192u);
  EXPECT_TRUE(event.logentry->formatted.ends_with("m..."));
  EXPECT_EQ(event.meta.text, R"({"logentry":{"formatted":{"":{"len":9000}}}})");
  EXPECT_EQ(
      Normalized(R"({"message":")" + std::string(8392, 'm') + "\"}").logentry->formatted.size(),
      8392u);
}

TEST(NormaliseTest, Tags) {
  Event event = Normalized(
      R"({"site":"s1","tags":[["a b"," x "],["k","1"],["k","2"],["bad key!","v"],["empty",""],
      ["user","u"],["function","f"],["device.class","high"],["lines","a\nb"]]})");
  EXPECT_THAT(event.tags, ElementsAre(Pair("a-b", "x"), Pair("k", "1"), Pair("lines", "a b"),
                                      Pair("site", "s1")));
  EXPECT_THAT(ErrorNames(event), ElementsAre("invalid_data tags"));
  event = Normalized(R"({"tags":{"long":")" + std::string(201, 'v') + R"(",")" +
                     std::string(201, 'k') + R"(":"v"}})");
  EXPECT_THAT(event.tags, ElementsAre(Pair("long", std::string(197, 'v') + "...")));
  std::string many = R"({"tags":{)";
  for (int i = 0; i < 300; ++i) many += "\"t" + std::to_string(i) + "\":\"v\",";
  many.back() = '}';
  EXPECT_EQ(Normalized(many + "}").tags.size(), kTagsMax);
}

TEST(NormaliseTest, Fingerprints) {
  EXPECT_THAT(Normalized(R"({"fingerprint":["{{default}}"]})").fingerprint, IsEmpty());
  EXPECT_THAT(Normalized(R"({"fingerprint":["{{  default }}","x"]})").fingerprint,
              ElementsAre("{{ default }}", "x"));
  Event event = Normalized(R"({"fingerprint":[)" +
                           [] {
                             std::string s;
                             for (int i = 0; i < 60; ++i) s += "\"p\",";
                             return s;
                           }() +
                           "\"" + std::string(600, 'x') + "\"]}");
  EXPECT_EQ(event.fingerprint.size(), kFingerprintPartsMax);
}

TEST(NormaliseTest, UsersAddress) {
  struct Case {
    const char* name;
    const char* json;
    const char* want;
  };
  const Case cases[] = {
      {"auto in python", R"({"platform":"python","user":{"ip_address":"{{auto}}"}})",
       "203.0.113.7"},
      {"auto in a browser", R"({"platform":"javascript","user":{"ip_address":"{{auto}}"}})",
       "203.0.113.7"},
      {"browser without user", R"({"platform":"javascript"})", "203.0.113.7"},
      {"cocoa with user", R"({"platform":"cocoa","user":{"id":1}})", "203.0.113.7"},
      {"python without user", R"({"platform":"python"})", ""},
      {"node with user", R"({"platform":"node","user":{"id":1}})", ""},
      {"own address stays", R"({"platform":"javascript","user":{"ip_address":"::1"}})", "::1"},
      {"REMOTE_ADDR", R"({"platform":"python","request":{"env":{"REMOTE_ADDR":"198.51.100.1"}}})",
       "198.51.100.1"},
      {"REMOTE_ADDR auto", R"({"platform":"python","request":{"env":{"REMOTE_ADDR":"{{auto}}"}}})",
       "203.0.113.7"},
      {"REMOTE_ADDR nonsense", R"({"platform":"python","request":{"env":{"REMOTE_ADDR":"x"}}})",
       ""},
      {"never",
       R"({"platform":"javascript","user":{"ip_address":"{{auto}}"},"sdk":{"name":"s","settings":{"infer_ip":"never"}}})",
       ""},
      {"always", R"({"platform":"node","sdk":{"name":"s","settings":{"infer_ip":"auto"}}})",
       "203.0.113.7"},
      {"bad address", R"({"platform":"python","user":{"id":1,"ip_address":"300.1.1.1"}})", ""},
  };
  for (const Case& c : cases) {
    EventContext context;
    context.client_ip = "203.0.113.7";
    Event event = Normalized(c.json, context);
    EXPECT_EQ(event.user ? event.user->ip_address : "", c.want) << c.name;
  }
}

TEST(NormaliseTest, EmptyUsersAreNoUsers) {
  EXPECT_FALSE(Normalized(R"({"user":{}})").user);
  EXPECT_FALSE(Normalized(R"({"user":{"id":null,"email":"","username":" ","segment":null}})").user);
  EXPECT_EQ(Normalized(R"({"user":{"id":7,"plan":"x"}})").user->data.size(), 1u);
}

TEST(NormaliseTest, Requests) {
  Event event = Normalized(R"({"request":{"method":"post","url":"http://h/p?a=1#frag","headers":
     {"content-type":"application/x-www-form-urlencoded","cookie":"s=1; t=2","x-forwarded-for":"1.2.3.4"},
     "data":"name=Jo+B&x=1","inferred_content_type":null}})");
  const HttpRequest& request = *event.request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://h/p");
  EXPECT_EQ(request.fragment, "frag");
  EXPECT_THAT(request.query_string, ElementsAre(Pair("a", "1")));
  EXPECT_THAT(request.cookies, ElementsAre(Pair("s", "1"), Pair("t", "2")));
  EXPECT_THAT(request.headers,
              ElementsAre(Pair("Content-Type", "application/x-www-form-urlencoded"),
                          Pair("X-Forwarded-For", "1.2.3.4")));
  EXPECT_EQ(request.data.text, R"({"name":"Jo B","x":"1"})");
  EXPECT_EQ(request.inferred_content_type, "application/x-www-form-urlencoded");
  event = Normalized(R"({"request":{"data":"{\"a\":[1,2]}","method":"G!"}})");
  EXPECT_EQ(event.request->data.text, R"({"a":[1,2]})");
  EXPECT_EQ(event.request->method, "");
  EXPECT_FALSE(Normalized(R"({"request":{"url":"","data":""}})").request);
}

TEST(NormaliseTest, Sdks) {
  EventContext context;
  context.sdk_json = R"({"name":"sentry.x","version":"2","packages":[{"name":"p","version":"1"}]})";
  context.sentry_client = "raven-js/3.27.2";
  EXPECT_EQ(Normalized("{}", context).sdk->name, "sentry.x");
  EXPECT_EQ(Normalized(R"({"sdk":{"name":"own"}})", context).sdk->name, "own");
  context.sdk_json.clear();
  Event event = Normalized("{}", context);
  EXPECT_EQ(event.sdk->name, "raven-js");
  EXPECT_EQ(event.sdk->version, "3.27.2");
  EXPECT_FALSE(Normalized("{}").sdk);
}

TEST(NormaliseTest, TraceIds) {
  Event event = Normalized(
      R"({"contexts":{"trace":{"trace_id":"0123456789ABCDEF0123456789ABCDEF","span_id":"xyz",
      "op":"http"},"empty":{},"plain":"x"}})");
  EXPECT_THAT(
      event.contexts,
      ElementsAre(Pair("trace",
                       RawJson{R"({"trace_id":"0123456789abcdef0123456789abcdef","op":"http"})"})));
}

TEST(NormaliseTest, FreeFormPartsHaveBounds) {
  std::string crumbs = R"({"breadcrumbs":[)";
  for (int i = 0; i < 300; ++i) crumbs += R"({"message":"m)" + std::to_string(i) + "\"},";
  crumbs.back() = ']';
  Event event = Normalized(crumbs + "}");
  ASSERT_EQ(event.breadcrumbs.size(), kBreadcrumbsMax);
  EXPECT_EQ(event.breadcrumbs.back().message, "m299");
  EXPECT_EQ(event.meta.text, R"({"breadcrumbs":{"values":{"":{"len":300}}}})");
  std::string extra = R"({"extra":{)";
  for (int i = 0; i < 40; ++i)
    extra += "\"k" + std::to_string(i) + "\":\"" + std::string(20'000, 'x') + "\",";
  extra.back() = '}';
  event = Normalized(extra + "}");
  EXPECT_LE(WriteEventJson(event).size(), kExtraBytesMax + 10'000);
  EXPECT_LE(event.extra[0].second.text.size(), kExtraValueBag.bytes_max);
  std::string modules = R"({"modules":{)";
  for (int i = 0; i < 3000; ++i) modules += "\"m" + std::to_string(i) + "\":\"1\",";
  modules.back() = '}';
  EXPECT_LE(Normalized(modules + "}").modules.size(), kModulesMax);
}

TEST(NormaliseTest, AnObjectKeepsAThousandMembers) {
  std::string members;
  for (int i = 0; i < 3000; ++i) members += "\"k" + std::to_string(i) + "\":1,";
  members.pop_back();
  const std::string frame = R"({"exception":[{"type":"E","stacktrace":{"frames":[{"function":"f",)";
  Event event = Normalized(frame + members + R"(}]}}],"extra":{)" + members + "}," + members + "}");
  EXPECT_EQ(event.extra.size(), kMembersMax);
  EXPECT_EQ(event.extra.back().first, "k999");
  EXPECT_EQ(event.other.size(), kMembersMax);
  EXPECT_EQ(event.exceptions[0].stacktrace->frames[0].other.size(), kMembersMax);
  EXPECT_EQ(event.meta.text,
            R"({"":{"len":3000},"exception":{"values":{"0":{"stacktrace":{"frames":{"0":)"
            R"({"":{"len":3000}}}}}}},"extra":{"":{"len":3000}}})");
}

}  // namespace
}  // namespace mishap
