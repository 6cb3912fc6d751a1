#include "ingest/client_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

std::vector<std::string> Discards(std::string_view payload, IngestLimits limits = {}) {
  Ledger ledger(ProjectId{1}, KeyId{2}, Timestamp{});
  JsonTree json;
  Status status = AddClientReport(payload, limits, json, ledger);
  if (!status) return {std::string(ReasonName(status.error().reason))};
  std::vector<std::string> out;
  for (const OutcomeCount& count : ledger.Take()) {
    EXPECT_EQ(count.outcome, Outcome::kClientDiscard);
    out.push_back(std::string(CategoryName(count.category)) + "/" + count.reason + "=" +
                  std::to_string(count.quantity));
  }
  return out;
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
      ElementsAre("default/x=1"));
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
