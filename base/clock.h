// Time as microseconds since 1970 UTC, a clock that is handed in, and the ISO 8601 forms of the
// wire. No time zones beyond fixed offsets; civil dates come from std::chrono.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mishap {

struct Timestamp {
  std::int64_t micros = 0;  // since 1970-01-01T00:00:00Z

  auto operator<=>(const Timestamp&) const = default;
};

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerHour = 3600 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
  // Monotonic, for durations and deadlines.
  virtual std::chrono::steady_clock::time_point Steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
  std::chrono::steady_clock::time_point Steady() const override;
};

// "2026-05-01T10:00:00.123456Z"; the fraction is left out when it is zero.
std::string FormatTimestamp(Timestamp t);
// ISO 8601 as ingest-protocol 6.2: 'T' or blank, fraction of 1-9 digits, Z, +hh:mm, +hhmm or
// nothing (= UTC), a bare date.
std::optional<Timestamp> ParseTimestamp(std::string_view text);
// Unix seconds, fractions kept to the microsecond. nullopt outside the years 1-9999.
std::optional<Timestamp> TimestampFromSeconds(double seconds);

// Start of the UTC hour or day.
Timestamp FloorToHour(Timestamp t);
Timestamp FloorToDay(Timestamp t);
// "20260501", the suffix of a daily partition.
std::string DaySuffix(Timestamp t);

}  // namespace mishap
