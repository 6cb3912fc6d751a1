#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace mishap {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Pair;

class ApiUnit : public testing::Test {
 protected:
  std::unique_ptr<Api> Make(ApiOptions options = {}) {
    options.front.public_url = "http://host";
    return std::make_unique<Api>(std::move(options), readers_, codec_, clock_, random_, metrics_);
  }
  static HttpMessageRequest Request(std::string method, std::string path) {
    HttpMessageRequest request;
    request.method = std::move(method);
    request.path = path;
    request.target = std::move(path);
    return request;
  }
  static HttpMessageResponse Ask(Api& api, HttpMessageRequest request) {
    std::promise<HttpMessageResponse> answer;
    api.Handle(std::move(request),
               [&](HttpMessageResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

  // No such folder: connecting fails at once, without a network.
  ReaderPool readers_{ConnectionSettings{.conninfo = "host=/nonexistent dbname=x"}, 1};
  PayloadCodec codec_;
  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
};

TEST_F(ApiUnit, OwnsItsTreeOnly) {
  for (auto path : {"/api/0", "/api/0/", "/api/0/organizations/", "/api/openapi.json"}) {
    EXPECT_TRUE(Api::Owns(path)) << path;
  }
  for (auto path : {"/api/1/envelope/", "/api/01/store/", "/", "/api/0x"}) {
    EXPECT_FALSE(Api::Owns(path)) << path;
  }
}

TEST_F(ApiUnit, TheWholeTreeAnswersJson) {
  auto api = Make();
  EXPECT_EQ(Ask(*api, Request("GET", "/api/0/none/")).body,
            R"({"detail":"The requested resource does not exist"})");
  auto wrong_method = Ask(*api, Request("POST", "/api/0/organizations/"));
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.body, R"({"detail":"Method \"POST\" not allowed."})");
  EXPECT_EQ(Ask(*api, Request("GET", "/api/0/organizations/")).status, 401);
  EXPECT_EQ(Ask(*api, Request("GET", "/api/0/")).status, 200);
  auto head = Ask(*api, Request("HEAD", "/api/0/"));
  EXPECT_EQ(head.status, 200);
  // The carrier leaves the body out and announces its length, as for GET.
  EXPECT_EQ(head.body, Ask(*api, Request("GET", "/api/0/")).body);
}

TEST_F(ApiUnit, DescribesItselfToAnybody) {
  auto api = Make();
  auto document = Ask(*api, Request("GET", "/api/openapi.json"));
  EXPECT_EQ(document.status, 200);
  EXPECT_THAT(document.body, HasSubstr(R"("openapi":"3.1.0")"));
  EXPECT_EQ(Ask(*api, Request("GET", "/api/0/openapi.json")).body, document.body);
  auto again = Request("GET", "/api/openapi.json");
  for (const auto& [name, value] : document.headers) {
    if (name == "ETag") again.headers.emplace_back("If-None-Match", value);
  }
  auto unchanged = Ask(*api, std::move(again));
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.body, "");
}

TEST_F(ApiUnit, OnlyTextReachesTheDatabase) {
  auto api = Make();
  for (auto path : {"/api/0/issues/%ff/", "/api/0/organizations/a%00b/", "/api/0/issues/%C0%80/"}) {
    EXPECT_EQ(Ask(*api, Request("GET", path)).status, 404) << path;
  }
  for (auto query : {"a=%ff", "a=b&c=%00", "%ff=1"}) {
    auto request = Request("GET", "/api/0/");
    request.query = query;
    auto refused = Ask(*api, std::move(request));
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.body, R"({"detail":"The query string must be UTF-8 text without NUL."})");
  }
}

TEST_F(ApiUnit, WithoutDatabaseItSaysWhenToRetry) {
  auto api = Make();
  auto request = Request("GET", "/api/0/organizations/");
  request.headers.emplace_back("Authorization", "Bearer x");
  auto response = Ask(*api, std::move(request));
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.headers, Contains(Key("Retry-After")));
  EXPECT_EQ(response.body.find("nonexistent"), std::string::npos);
}

TEST_F(ApiUnit, AFullQueueIsRefusedAtOnce) {
  ApiOptions options;
  options.threads = 0;  // nothing is ever taken from the queue
  options.queue_requests_max = 1;
  auto api = Make(options);
  bool first_answered = false;
  api->Handle(Request("GET", "/api/0/"), [&](HttpMessageResponse) { first_answered = true; });
  EXPECT_FALSE(first_answered);
  for (auto seconds : {"1", "2", "3", "4", "5", "1"}) {
    auto refused = Ask(*api, Request("GET", "/api/0/"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(refused.headers, Contains(Pair("Retry-After", seconds)));
  }
  EXPECT_THAT(metrics_.Exposition(), HasSubstr("mishap_api_refused_total 6"));
}

TEST_F(ApiUnit, LargeBodiesAreRefused) {
  ApiOptions options;
  options.body_bytes_max = 10;
  auto api = Make(options);
  auto request = Request("PUT", "/api/0/issues/1/");
  request.body = std::string(11, ' ');
  EXPECT_EQ(Ask(*api, std::move(request)).status, 413);
}

TEST_F(ApiUnit, ShutdownAnswersWhatIsQueuedAndRefusesTheRest) {
  auto api = Make();
  std::atomic<int> answered{0};
  for (int i = 0; i < 50; ++i) {
    api->Handle(Request("GET", "/api/0/"), [&](HttpMessageResponse response) {
      if (response.status == 200) ++answered;
    });
  }
  api->Shutdown();
  EXPECT_EQ(answered, 50);
  EXPECT_EQ(Ask(*api, Request("GET", "/api/0/")).status, 503);
}

}  // namespace
}  // namespace mishap
