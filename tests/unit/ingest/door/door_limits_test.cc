// Bounds and rates at the door, and what clients read when they are over one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ingest/compressed.h"
#include "tests/unit/ingest/door/house.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(Door, OverTheRateIs429WithEverythingClientsRead) {
  House house;
  const std::string target = "/api/43/envelope/?sentry_key=" + kLimited;
  EXPECT_EQ(house.Post(target, WithEvent()).status, 200);
  auto answer = house.Post(
      target,
      WithEvent("\n{\"type\":\"attachment\",\"length\":2}\nab\n{\"type\":\"session\"}\n{}"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(HeaderOf(answer, "X-Sentry-Rate-Limits"), "60:error;default;security:key:key_quota");
  EXPECT_EQ(HeaderOf(answer, "Retry-After"), "60");
  EXPECT_THAT(house.Outcomes(), UnorderedElementsAre("rate_limited/error/key_quota=1",
                                                     "rate_limited/attachment/key_quota=2",
                                                     "invalid/session/payload=1"));
  const std::string report = "{}\n{\"type\":\"client_report\"}\n{}";
  EXPECT_EQ(house.Post(target, report).status, 200);  // only events count
  // Kept things ride in the spool even where the event is refused.
  auto mixed = house.Post(target, WithEvent("\n{\"type\":\"client_report\"}\n{}"));
  EXPECT_EQ(mixed.status, 429);
  EXPECT_EQ(house.spool.all.back().type, RecordType::kOutcomes);
  EXPECT_EQ(house.spool.groups.back(), 2u);
  house.clock.now.micros += 60 * kMicrosPerSecond;
  EXPECT_EQ(house.Post(target, WithEvent()).status, 200);
}

// Small on the wire, large to us: a key that sends many is told to wait, others are not.
TEST(Door, WhatAKeyMakesUsDecompressIsBoundedByTheMinute) {
  IngestOptions options;
  options.limits.envelope_bytes_max = 100'000;
  options.limits.inflated_bytes_per_minute_max = 150'000;
  House house(options);
  const HttpHeaders gzip = {{"Content-Encoding", "gzip"}};
  const std::string bomb = Deflate(std::string(10 << 20, ' '), Wrap::kGzip);
  EXPECT_EQ(house.Envelope(bomb, gzip).status, 413);
  EXPECT_EQ(house.Envelope(bomb, gzip).status, 413);
  auto limited = house.Envelope(Deflate(WithEvent(), Wrap::kGzip), gzip);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(HeaderOf(limited, "X-Sentry-Rate-Limits"), "60::key:inflated_bytes");
  EXPECT_EQ(house.Envelope(WithEvent()).status, 200);  // as it is, it costs nothing of that
  EXPECT_EQ(
      house
          .Post("/api/43/envelope/?sentry_key=" + kLimited, Deflate(WithEvent(), Wrap::kGzip), gzip)
          .status,
      200);
  // Crash uploaders are never told 429.
  auto dump = house.Post("/api/42/minidump/?sentry_key=" + kKey, "MDMP",
                         {{"Content-Type", "application/x-dmp"}});
  EXPECT_EQ(dump.status, 200);
  EXPECT_EQ(dump.body.size(), 36u);
  EXPECT_THAT(house.Outcomes(), testing::IsSupersetOf({"rate_limited/error/inflated_bytes=2"}));
  house.clock.now.micros += 60 * kMicrosPerSecond;
  EXPECT_EQ(house.Envelope(Deflate(WithEvent(), Wrap::kGzip), gzip).status, 200);
}

TEST(Door, BodiesOverTheBoundsAre413) {
  IngestOptions options;
  options.limits.envelope_bytes_max = 100'000;
  options.limits.attachments_max = 1;
  House house(options);
  HttpMessageRequest cut;
  cut.method = "POST";
  cut.target = "/api/42/envelope/?sentry_key=" + kKey;
  cut.body_too_large = true;
  EXPECT_EQ(house.Send(cut).status, 413);
  std::string bomb = Deflate(std::string(10 << 20, ' '), Wrap::kGzip);
  EXPECT_EQ(house.Envelope(bomb, {{"Content-Encoding", "gzip"}}).status, 413);
  EXPECT_THAT(house.Outcomes(), ElementsAre("invalid/error/too_large=2"));
  const std::string attachment = "\n{\"type\":\"attachment\",\"length\":3}\nabc";
  EXPECT_EQ(house.Envelope(WithEvent(attachment + attachment)).status, 200);
  EXPECT_THAT(house.Outcomes(),
              testing::IsSupersetOf(
                  {"invalid/error/too_large=2", "invalid/attachment/too_large:attachment=3"}));
  const std::string gzip = Deflate(WithEvent(), Wrap::kGzip);
  EXPECT_EQ(house.Envelope(gzip, {{"Content-Encoding", "gzip"}}).status, 200);
  EXPECT_EQ(house.Envelope(gzip.substr(0, 50), {{"Content-Encoding", "gzip"}}).status, 400);
}

}  // namespace
}  // namespace mishap
