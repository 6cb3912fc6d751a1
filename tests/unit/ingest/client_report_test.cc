#include "ingest/client_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

constexpr Timestamp kReceived{1'777'629'600 * kMicrosPerSecond};

std::vector<std::string> Discards(std::string_view payload, IngestLimits limits = {}) {
  JsonTree json;
  auto report = ReadClientReport(payload, kReceived, limits, json);
  if (!report) return {std::string(ReasonName(report.error().reason))};
  std::vector<std::string> out;
  for (const ClientDiscard& discard : report->discards) {
    out.push_back(discard.category + "/" + discard.reason + "=" + std::to_string(discard.quantity));
  }
  return out;
}

TEST(ClientReport, TakesTheClientsTimeIfItIsNear) {
  JsonTree json;
  auto at = [&](std::string_view payload) {
    return ReadClientReport(payload, kReceived, {}, json)->timestamp.micros;
  };
  EXPECT_EQ(at(R"({"timestamp":1777629000.5})"), 1'777'629'000'500'000);
  EXPECT_EQ(at(R"({"timestamp":"2026-05-01T09:30:00Z"})"), 1'777'627'800'000'000);
  for (const char* far : {R"({"timestamp":1})", R"({"timestamp":"2027-01-01T00:00:00Z"})", "{}"}) {
    EXPECT_EQ(at(far), kReceived.micros) << far;
  }
}

TEST(ClientReport, KeepsNoSecretOfAReason) {
  EXPECT_THAT(Discards(R"({"discarded_events":[{"reason":"card 4111 1111 1111 1111",
              "category":"error","quantity":1}]})"),
              testing::ElementsAre("error/card [Filtered]=1"));
}

TEST(ClientReport, BecomesClientDiscards) {
  using testing::ElementsAre;
  EXPECT_THAT(Discards(R"({"timestamp":1777629600.5,"discarded_events":[
        {"reason":"sample_rate","category":"transaction","quantity":4},
        {"reason":"before_send","category":"error","quantity":1},
        {"reason":"before_send","category":"error","quantity":2}],
        "rate_limited_events":[{"reason":"r","category":"session","quantity":7}]})"),
              ElementsAre("transaction/sample_rate=4", "error/before_send=3", "session/r=7"));
  EXPECT_THAT(
      Discards(R"({"discarded_events":[{"reason":"x","category":"invented","quantity":1}]})"),
      ElementsAre("invented/x=1"));
}

TEST(ClientReport, ClampsAndSkips) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(Discards(R"({"discarded_events":[
      {"reason":"a","category":"error","quantity":0},
      {"reason":"b","category":"error","quantity":-3},
      {"reason":"c","category":"error","quantity":1e18},
      {"category":"error","quantity":1}, 7, null,
      {"reason":"d","category":"error","quantity":"5"}]})"),
              ElementsAre("error/c=4294967295"));
  EXPECT_THAT(Discards(R"({"discarded_events":{}})"), IsEmpty());
  EXPECT_THAT(Discards("{}"), IsEmpty());
  IngestLimits limits;
  limits.client_report_reason_bytes_max = 3;
  limits.client_report_reasons_max = 2;
  EXPECT_THAT(Discards(R"({"discarded_events":[
      {"reason":"abcdef","category":"error","quantity":1},
      {"reason":"abcxyz","category":"error","quantity":1},
      {"reason":"third","category":"error","quantity":1}]})",
                       limits),
              ElementsAre("error/abc=2"));
}

TEST(ClientReport, RefusesWhatIsNone) {
  using testing::ElementsAre;
  EXPECT_THAT(Discards("nonsense"), ElementsAre("invalid_json"));
  EXPECT_THAT(Discards("[]"), ElementsAre("invalid_json"));
  IngestLimits limits;
  limits.client_report_bytes_max = 1;
  EXPECT_THAT(Discards("{}", limits), ElementsAre("too_large"));
}

}  // namespace
}  // namespace mishap
