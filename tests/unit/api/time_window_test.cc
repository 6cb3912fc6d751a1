#include "api/time_window.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

const Timestamp kNow = *ParseTimestamp("2026-05-01T12:00:00Z");

Result<TimeWindow> Parse(std::string_view raw) {
  return ParseTimeWindow(QueryParams::Parse(raw), kNow);
}

TEST(TimeWindowTest, Forms) {
  struct Case {
    const char* raw;
    const char* start;
    const char* end;
  };
  for (const auto& c :
       {Case{"", "2026-01-31T12:00:00Z", "2026-05-01T12:00:00Z"},
        Case{"statsPeriod=", "2026-01-31T12:00:00Z", "2026-05-01T12:00:00Z"},
        Case{"statsPeriod=24h", "2026-04-30T12:00:00Z", "2026-05-01T12:00:00Z"},
        Case{"statsPeriod=2w&start=1&end=2", "2026-04-17T12:00:00Z", "2026-05-01T12:00:00Z"},
        Case{"start=2026-04-01&end=2026-04-02T10:00:00+02:00", "2026-04-01T00:00:00Z",
             "2026-04-02T08:00:00Z"},
        Case{"start=1775001600&end=1775088000.5", "2026-04-01T00:00:00Z",
             "2026-04-02T00:00:00.500000Z"},
        Case{"statsPeriodStart=2d&statsPeriodEnd=1d", "2026-04-29T12:00:00Z",
             "2026-04-30T12:00:00Z"}}) {
    auto window = Parse(c.raw);
    ASSERT_TRUE(window.has_value()) << c.raw << ": " << window.error().detail;
    EXPECT_EQ(FormatTimestamp(window->start), c.start) << c.raw;
    EXPECT_EQ(FormatTimestamp(window->end), c.end) << c.raw;
  }
}

TEST(TimeWindowTest, Mistakes) {
  struct Case {
    const char* raw;
    const char* part;
  };
  for (const auto& c :
       {Case{"start=2026-04-01", "both required"}, Case{"end=2026-04-01", "both required"},
        Case{"start=2026-04-02&end=2026-04-01", "start must be before end"},
        Case{"start=yesterday&end=2026-04-01", "yesterday"}, Case{"statsPeriod=14", "statsPeriod"},
        Case{"statsPeriod=xd", "statsPeriod"}, Case{"statsPeriod=9999999w", "statsPeriod"}}) {
    auto window = Parse(c.raw);
    ASSERT_FALSE(window.has_value()) << c.raw;
    EXPECT_EQ(window.error().reason, Reason::kInvalidArgument);
    EXPECT_NE(window.error().detail.find(c.part), std::string::npos) << window.error().detail;
  }
}

}  // namespace
}  // namespace mishap
