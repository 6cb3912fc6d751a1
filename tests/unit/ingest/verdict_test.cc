#include "ingest/verdict.h"

#include <gtest/gtest.h>

#include <set>

#include "ingest/answer.h"

namespace mishap {
namespace {

class FixedRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override { std::memset(out, value, bytes); }
  int value = 0;
};

std::string HeaderOf(const HttpMessageResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(Verdict, EveryReasonHasOne) {
  struct Case {
    Reason reason;
    int status;
    GrpcCode code;
    bool retry;
  };
  using Code = GrpcCode;
  const Case cases[] = {
      {Reason::kInvalidEnvelope, 400, Code::kInvalidArgument, false},
      {Reason::kInvalidJson, 400, Code::kInvalidArgument, false},
      {Reason::kInvalidCompression, 400, Code::kInvalidArgument, false},
      {Reason::kInvalidArgument, 400, Code::kInvalidArgument, false},
      {Reason::kUnsupportedEncoding, 415, Code::kInvalidArgument, false},
      {Reason::kTooLarge, 413, Code::kResourceExhausted, false},
      {Reason::kUnauthenticated, 401, Code::kUnauthenticated, false},
      {Reason::kUnknownKey, 403, Code::kPermissionDenied, false},
      {Reason::kPermissionDenied, 403, Code::kPermissionDenied, false},
      {Reason::kOriginDenied, 403, Code::kPermissionDenied, false},
      {Reason::kNotFound, 404, Code::kNotFound, false},
      {Reason::kMethodNotAllowed, 405, Code::kUnimplemented, false},
      {Reason::kConflict, 409, Code::kAlreadyExists, false},
      {Reason::kFiltered, 200, Code::kOk, false},
      {Reason::kRateLimited, 429, Code::kResourceExhausted, true},
      {Reason::kDuplicate, 200, Code::kOk, false},
      {Reason::kOverloaded, 503, Code::kUnavailable, true},
      {Reason::kUnavailable, 503, Code::kUnavailable, true},
      {Reason::kTimeout, 503, Code::kDeadlineExceeded, true},
      {Reason::kInternal, 500, Code::kInternal, false},
  };
  EXPECT_EQ(std::size(cases), static_cast<std::size_t>(Reason::kInternal) + 1);
  for (const Case& c : cases) {
    Verdict verdict = VerdictOf(c.reason);
    EXPECT_EQ(verdict.http_status, c.status) << ReasonName(c.reason);
    EXPECT_EQ(verdict.grpc_code, c.code) << ReasonName(c.reason);
    EXPECT_EQ(verdict.retry_later, c.retry) << ReasonName(c.reason);
    EXPECT_FALSE(verdict.outcome_reason.empty()) << ReasonName(c.reason);
  }
}

TEST(Answer, OverloadSaysWhenToComeBack) {
  FixedRandom random;
  std::set<int> seen;
  for (random.value = 0; random.value < 256; ++random.value) {
    auto answer = ErrorAnswer({Reason::kOverloaded, "full"}, IngestLimits{}, random);
    EXPECT_EQ(answer.status, 503);
    seen.insert(std::stoi(HeaderOf(answer, "Retry-After")));
  }
  EXPECT_EQ(*seen.begin(), 1);
  EXPECT_EQ(*seen.rbegin(), 5);
}

TEST(Answer, ErrorsAreReadableEverywhere) {
  FixedRandom random;
  auto answer = ErrorAnswer({Reason::kInvalidJson, "caf\xC3\xA9\n\"x\""}, IngestLimits{}, random);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "{\"detail\":\"caf\xC3\xA9\\n\\\"x\\\"\",\"causes\":[\"invalid_json\"]}");
  EXPECT_EQ(HeaderOf(answer, "X-Sentry-Error"), "caf?? \"x\"");
  EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/json");
  EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(HeaderOf(answer, "Access-Control-Expose-Headers"),
            "x-sentry-error, x-sentry-rate-limits, retry-after");
  EXPECT_EQ(HeaderOf(answer, "Retry-After"), "");
  auto longer =
      ErrorAnswer({Reason::kInvalidJson, std::string(99'999, 'x')}, IngestLimits{}, random);
  EXPECT_LT(longer.body.size(), 2000u);
  auto encoding = ErrorAnswer({Reason::kUnsupportedEncoding, "lz4"}, IngestLimits{}, random);
  EXPECT_EQ(HeaderOf(encoding, "Accept-Encoding"), "gzip, deflate, br, zstd");
}

TEST(Answer, RateLimitsAreOfTheShapeEveryClientReads) {
  struct Case {
    std::int64_t seconds;
    const char* want;
  };
  for (const Case& c : {Case{60, "60"}, Case{0, "1"}, Case{999'999, "3600"}}) {
    const LimitHit hit{c.seconds, {Category::kError}, LimitScope::kKey, "key_quota"};
    auto answer = RateLimitedAnswer({hit}, IngestLimits{});
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(HeaderOf(answer, "Retry-After"), c.want);
    EXPECT_EQ(HeaderOf(answer, "X-Sentry-Rate-Limits"),
              std::string(c.want) + ":error;default;security:key:key_quota");
    EXPECT_EQ(answer.body, R"({"detail":"rate limited"})");
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*");
  }
}

TEST(Answer, Acceptance) {
  EXPECT_EQ(AcceptedAnswer(EventId{}).body, "{}");
  auto id = ParseId128<EventId>("9ec79c33ec9942ab8353589fcb2e04dc");
  auto answer = AcceptedAnswer(*id);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"id":"9ec79c33ec9942ab8353589fcb2e04dc"})");
  auto preflight = PreflightAnswer();
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.body, "");
  EXPECT_EQ(HeaderOf(preflight, "Access-Control-Max-Age"), "3600");
  EXPECT_EQ(HeaderOf(preflight, "Access-Control-Allow-Methods"), "POST, GET, OPTIONS");
  auto pixel = PixelAnswer();
  EXPECT_TRUE(pixel.body.starts_with("GIF89a"));
  EXPECT_EQ(pixel.body.size(), 43u);
  EXPECT_EQ(HeaderOf(pixel, "Content-Type"), "image/gif");
}

}  // namespace
}  // namespace mishap
