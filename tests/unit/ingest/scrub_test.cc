// Scrubbing whole events: planted secrets are found nowhere, what people need stays.
#include "ingest/scrub.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::string Scrubbed(std::string_view json, const ProjectEntry& project = {}) {
  Event event = Normalized(json);
  Scrub(event, project);
  Event again = event;
  Scrub(again, project);
  EXPECT_EQ(WriteEventJson(again), WriteEventJson(event)) << "twice changes nothing";
  EXPECT_EQ(ReadEvent(WriteEventJson(event)), event);
  return WriteEventJson(event);
}

// A secret is the text "S3CR3T-<n>-" or has a shape; each stands at one place only.
class PlantedSecretsTest : public testing::Test {
 protected:
  // A marker no rule knows: only its name can give it away.
  std::string Marker() {
    secrets_.push_back("Zq" + std::to_string(next_++) + "Xv");
    return secrets_.back();
  }
  std::string Shape(std::string text) {
    secrets_.push_back(text);
    return text;
  }
  std::string Member(std::string_view name) {
    return "\"" + std::string(name) + "\":\"" + Marker() + "\"";
  }
  std::string Members() {
    return Member("password") + "," + Member("user_passwd") + "," + Member("ApiKey") + "," +
           Member("client-secret") + "," + Member("authorization") + "," + Member("csrfToken") +
           "," + Member("otp") + ",\"nested\":{\"credentials\":[\"" + Marker() + "\",{\"x\":\"" +
           Marker() + "\"}]}";
  }

  std::vector<std::string> secrets_;
  int next_ = 100;
};

TEST_F(PlantedSecretsTest, FoundNowhere) {
  std::string vars = "{" + Members() + ",\"card\":\"" + Shape("4111111111111111") + "\"}";
  std::string json =
      R"({"platform":"python","level":"error","logentry":{"message":"pay %s","params":[")" +
      Shape("5555555555554444") + R"(",{"password":")" + Marker() + R"("}],"formatted":"mail )" +
      Shape("jo@example.com") + " card " + Shape("4012888888881881") + " ssn " +
      Shape("078-05-1120") + " iban " + Shape("DE89370400440532013000") + " Bearer " + Marker() +
      R"("},
      "exception":[{"type":"E","value":"pay with )" +
      Shape("378282246310005") + " at http://u:" + Marker() +
      R"(@h/","stacktrace":{"frames":[{"function":"f","filename":"a.py","vars":)" + vars +
      R"(,"context_line":"card = ')" + Shape("6011111111111117") +
      R"('","pre_context":["db = 'postgres://app:)" + Marker() +
      R"(@db/x'"]}]},"mechanism":{"type":"m","handled":false,"data":{"api_key":")" + Marker() +
      R"("}}}],
      "threads":[{"id":1,"stacktrace":{"frames":[{"vars":{"secret_key":")" +
      Marker() + R"("}}]}}],
      "request":{"method":"POST","url":"http://joe:)" +
      Marker() + R"(@shop.example/x?access_token=)" + Marker() +
      R"(&page=2","headers":{"Authorization":"Basic )" + Marker() + R"(","Cookie":"sessionid=)" +
      Marker() + "; csrftoken=" + Marker() + "; theme=dark; my_secret=" + Marker() +
      R"(","Set-Cookie":"a=)" + Marker() + R"(","X-Api-Key":")" + Marker() +
      R"(","X-Auth-Token":")" + Marker() + R"(","Referer":"http://h/?token=)" + Marker() +
      R"(","User-Agent":"curl/8"},
        "data":"{\"user\":\"jo\",\"password\":\")" +
      Marker() + R"(\",\"cc\":\")" + Shape("3714 496353 98431") + R"(\"}","env":{"MYSQL_PWD":")" +
      Marker() + R"(","SERVER_NAME":"web"}},
      "user":{"id":"7","name":"Jo","auth":")" +
      Marker() + R"(","data":{"token":")" + Marker() + R"("}},
      "tags":{"api_key":")" +
      Marker() + R"(","zone":"eu","note":")" + Shape("4222222222222220") + R"("},
      "extra":{)" +
      Members() + R"(,"text":"the password is )" + Marker() + R"(","number":4000056655665556,
        "list":["Bearer )" +
      Marker() + R"("],"pem":"-----BEGIN PRIVATE KEY-----\n)" + Marker() +
      R"(\n-----END PRIVATE KEY-----"},
      "contexts":{"state":{"state":{"value":{"credentials":{"k":")" +
      Marker() + R"("}}}},"app":{"app_name":"Author",
        "secret":")" +
      Marker() + R"("}},
      "breadcrumbs":[{"category":"http","message":"login with password )" +
      Marker() + R"(","data":{"url":"http://h/?token=)" + Marker() + R"(","Authorization":")" +
      Marker() + R"("}},{"message":"card )" + Shape("4000 0566 5566 5556") + R"("}],"password":")" +
      Marker() + R"(","custom":{"passwd":")" + Marker() + R"("},
      "fingerprint":{"password":")" +
      Marker() + R"("},"_meta":{"user":{"":{"val":")" + Marker() + R"("}}}})";
  secrets_.emplace_back("4000056655665556");
  std::string clean = Scrubbed(json);
  EXPECT_GE(secrets_.size(), 60u);
  for (const std::string& secret : secrets_) {
    ASSERT_NE(json.find(secret), std::string::npos) << secret;
    EXPECT_EQ(clean.find(secret), std::string::npos) << secret << "\n" << clean;
  }
  for (const char* kept :
       {"curl/8", "theme\",\"dark\"", "\"zone\",\"eu\"", "\"SERVER_NAME\":\"web\"", "[email]",
        "[creditcard]", "\"app_name\":\"Author\"", "\"name\":\"Jo\"", "[\"page\",\"2\"]",
        "\"function\":\"f\"", "@shop.example/x", "@password:filter"}) {
    EXPECT_THAT(clean, HasSubstr(kept));
  }
}

TEST(ScrubTest, StageScrubsBeforeAnythingIsKept) {
  SystemRandom random;
  ProjectEntry project;
  EventContext context;
  context.project = &project;
  context.received_at = kArrival;
  auto ready =
      MakeEventStage(random)->Run(R"({"extra":{"password":"hunter2"},"message":"m"})", context);
  ASSERT_TRUE(ready);
  EXPECT_THAT(ready->canonical_json, Not(HasSubstr("hunter2")));
  EXPECT_THAT(ready->canonical_json, HasSubstr(ToHex(ready->id)));
  EXPECT_FALSE(ready->id.IsNil());
  EXPECT_EQ(ready->category, Category::kDefault);
  EXPECT_EQ(MakeEventStage(random)->Run("[]", context).error().reason, Reason::kInvalidJson);
}

TEST(ScrubTest, Switches) {
  constexpr std::string_view kJson =
      R"({"extra":{"password":"abc","Flavour":"vanilla","note":"4111111111111111","favour":"x"},
          "contexts":{"trace":{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"4123456789012345"}}})";
  ProjectEntry off;
  off.scrub_data = false;
  std::string json = Scrubbed(kJson, off);
  EXPECT_THAT(json, HasSubstr("\"password\":\"abc\""));
  EXPECT_THAT(json, HasSubstr("4111111111111111"));
  off.sensitive_fields = {"Flavour"};
  json = Scrubbed(kJson, off);
  EXPECT_THAT(json, Not(HasSubstr("vanilla")));
  EXPECT_THAT(json, HasSubstr("\"favour\":\"x\""));
  ProjectEntry safe;
  safe.safe_fields = {"password"};
  json = Scrubbed(kJson, safe);
  EXPECT_THAT(json, HasSubstr("\"password\":\"abc\""));
  EXPECT_THAT(json, Not(HasSubstr("4111111111111111")));
  EXPECT_THAT(json, HasSubstr("4123456789012345")) << "a span id is not a card";
}

TEST(ScrubTest, Addresses) {
  constexpr std::string_view kJson =
      R"({"user":{"ip_address":"203.0.113.7","id":"1"},"request":{"env":{"REMOTE_ADDR":"203.0.113.8","A":"b"}},
          "message":"from 203.0.113.9","extra":{"peer":"203.0.113.10:80"},"sdk":{"name":"s","client_ip":"203.0.113.11"},
          "tags":{"peer":"203.0.113.12"},"breadcrumbs":[{"message":"2001:db8::1 called"}]})";
  ProjectEntry project;
  EXPECT_THAT(Scrubbed(kJson, project), HasSubstr("203.0.113.9"));
  project.scrub_ip_addresses = true;
  std::string json = Scrubbed(kJson, project);
  EXPECT_THAT(json, Not(HasSubstr("203.0.113.")));
  EXPECT_THAT(json, Not(HasSubstr("2001:db8")));
  EXPECT_THAT(json, HasSubstr("\"id\":\"1\""));
  project.scrub_data = false;
  EXPECT_THAT(Scrubbed(kJson, project), Not(HasSubstr("203.0.113.")));
}

TEST(ScrubTest, NotesSayWhatHappened) {
  Event event = Normalized(
      R"({"extra":{"a":{"password":"x"},"b":["4111111111111111"]},"request":{"cookies":"session=1"}})");
  Scrub(event, ProjectEntry{});
  EXPECT_EQ(event.meta.text,
            R"({"extra":{"a":{"password":{"":{"rem":[["@password:filter","s"]]}}},)"
            R"("b":{"0":{"":{"rem":[["@creditcard","s"]]}}}},)"
            R"("request":{"cookies":{"0":{"":{"rem":[["@password:filter","s"]]}}}}})");
  EXPECT_THAT(event.request->cookies, ElementsAre(Pair("session", "[Filtered]")));
}

TEST(ScrubTest, NothingToHideChangesNothing) {
  Event event = Normalized(
      R"({"exception":[{"type":"E","value":"plain","stacktrace":{"frames":[{"function":"f",
      "vars":{"a":"b","n":null,"empty":""}}]}}],"extra":{"password":null,"secret":"","token":{}},"tags":{"a":"b"}})");
  Event before = event;
  Scrub(event, ProjectEntry{});
  EXPECT_EQ(event, before);
}

}  // namespace
}  // namespace mishap
