// base/clock.h: the time forms of ingest-protocol 6.2 and the days partitions are named by.
#include "base/clock.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

constexpr std::int64_t kMayDay = 1777629600LL * kMicrosPerSecond;  // 2026-05-01T10:00:00Z

TEST(Timestamp, ReadsEveryFormOfTheWire) {
  struct Case {
    const char* text;
    std::int64_t micros;
  };
  for (const Case& c :
       {Case{"2026-05-01T10:00:00Z", kMayDay}, Case{"2026-05-01T10:00:00", kMayDay},
        Case{"2026-05-01 10:00:00", kMayDay}, Case{"2026-05-01T10:00", kMayDay},
        Case{"2026-05-01T12:00:00+02:00", kMayDay}, Case{"2026-05-01T12:00:00+0200", kMayDay},
        Case{"2026-05-01T04:30:00-05:30", kMayDay},
        Case{"2026-05-01T10:00:00.5Z", kMayDay + 500'000},
        Case{"2026-05-01T10:00:00.123456789Z", kMayDay + 123'456},
        Case{"2026-05-01", kMayDay - 10 * kMicrosPerHour}}) {
    auto read = ParseTimestamp(c.text);
    ASSERT_TRUE(read) << c.text;
    EXPECT_EQ(read->micros, c.micros) << c.text;
  }
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "2026-05-01T25:00:00Z",
        "2026-05-01T10:00:00Zjunk", "2026-05-01T10:00:00.Z", "1777629600"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(Timestamp, WritesWhatItReads) {
  for (const char* text :
       {"2026-05-01T10:00:00Z", "2026-05-01T10:00:00.000001Z", "1969-12-31T23:59:59.5Z"}) {
    auto read = ParseTimestamp(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(*read)), read);
  }
  EXPECT_EQ(FormatTimestamp(Timestamp{kMayDay + 123'456}), "2026-05-01T10:00:00.123456Z");
}

TEST(Timestamp, SecondsKeepMicrosecondsAndBounds) {
  EXPECT_EQ(TimestampFromSeconds(1777629600.25)->micros, kMayDay + 250'000);
  EXPECT_FALSE(TimestampFromSeconds(1e18));
  EXPECT_FALSE(TimestampFromSeconds(0.0 / 0.0));
}

TEST(Timestamp, HoursAndDaysAreUtcAlsoBefore1970) {
  EXPECT_EQ(FloorToHour(Timestamp{kMayDay + 5}).micros, kMayDay);
  EXPECT_EQ(FormatTimestamp(FloorToDay(Timestamp{-1})), "1969-12-31T00:00:00Z");
  EXPECT_EQ(DaySuffix(Timestamp{kMayDay}), "20260501");
}

}  // namespace
}  // namespace mishap
