#include "base/clock.h"

#include <fmt/format.h>

#include <cmath>

namespace mishap {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;

// Reads exactly `digits` digits at `pos` and moves it on; -1 if there are fewer.
int ReadDigits(std::string_view text, std::size_t& pos, std::size_t digits) {
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i, ++pos) {
    if (pos >= text.size() || text[pos] < '0' || text[pos] > '9') return -1;
    value = value * 10 + (text[pos] - '0');
  }
  return value;
}

bool Eat(std::string_view text, std::size_t& pos, char c) {
  if (pos < text.size() && text[pos] == c) {
    ++pos;
    return true;
  }
  return false;
}

std::optional<std::int64_t> ReadFraction(std::string_view text, std::size_t& pos) {
  if (!Eat(text, pos, '.') && !Eat(text, pos, ',')) return 0;
  std::int64_t micros = 0;
  int digits = 0;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
    if (digits < 6) micros = micros * 10 + (text[pos] - '0');
    ++digits;
    ++pos;
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (int i = digits; i < 6; ++i) micros *= 10;
  return micros;
}

std::optional<std::int64_t> ReadOffsetSeconds(std::string_view text, std::size_t& pos) {
  if (pos == text.size()) return 0;
  if (Eat(text, pos, 'Z') || Eat(text, pos, 'z')) return 0;
  int sign = text[pos] == '-' ? -1 : 1;
  if (!Eat(text, pos, '+') && !Eat(text, pos, '-')) return std::nullopt;
  int hours = ReadDigits(text, pos, 2);
  Eat(text, pos, ':');
  int minutes = pos == text.size() ? 0 : ReadDigits(text, pos, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return std::int64_t{sign} * (hours * 3600 + minutes * 60);
}

std::optional<sys_days> ReadDate(std::string_view text, std::size_t& pos) {
  int year = ReadDigits(text, pos, 4);
  if (year < 1 || !Eat(text, pos, '-')) return std::nullopt;
  int month = ReadDigits(text, pos, 2);
  if (!Eat(text, pos, '-')) return std::nullopt;
  int day = ReadDigits(text, pos, 2);
  if (month < 1 || day < 1) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{year},
                                   std::chrono::month{static_cast<unsigned>(month)},
                                   std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

}  // namespace

Timestamp SystemClock::Now() const {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp{std::chrono::duration_cast<microseconds>(now).count()};
}

std::chrono::steady_clock::time_point SystemClock::Steady() const {
  return std::chrono::steady_clock::now();
}

std::string FormatTimestamp(Timestamp t) {
  Timestamp day = FloorToDay(t);
  std::chrono::year_month_day date{sys_days{days{day.micros / kMicrosPerDay}}};
  std::int64_t rest = t.micros - day.micros;
  std::int64_t seconds = rest / kMicrosPerSecond;
  std::string out =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % kMicrosPerSecond != 0) out += fmt::format(".{:06}", rest % kMicrosPerSecond);
  return out + "Z";
}

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  std::size_t pos = 0;
  auto date = ReadDate(text, pos);
  if (!date) return std::nullopt;
  std::int64_t micros = date->time_since_epoch().count() * kMicrosPerDay;
  if (pos == text.size()) return Timestamp{micros};
  if (!Eat(text, pos, 'T') && !Eat(text, pos, 't') && !Eat(text, pos, ' ')) return std::nullopt;
  int hour = ReadDigits(text, pos, 2);
  if (!Eat(text, pos, ':')) return std::nullopt;
  int minute = ReadDigits(text, pos, 2);
  int second = Eat(text, pos, ':') ? ReadDigits(text, pos, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  auto fraction = ReadFraction(text, pos);
  if (!fraction) return std::nullopt;
  auto offset = ReadOffsetSeconds(text, pos);
  if (!offset || pos != text.size()) return std::nullopt;
  std::int64_t seconds = hour * 3600 + minute * 60 + second - *offset;
  return Timestamp{micros + seconds * kMicrosPerSecond + *fraction};
}

std::optional<Timestamp> TimestampFromSeconds(double seconds) {
  constexpr double kFirst = -62'135'596'800.0;  // year 1
  constexpr double kLast = 253'402'300'799.0;   // year 9999
  if (!(seconds >= kFirst && seconds <= kLast)) return std::nullopt;
  double whole = std::floor(seconds);
  double micros = std::round((seconds - whole) * 1e6);
  return Timestamp{static_cast<std::int64_t>(whole) * kMicrosPerSecond +
                   static_cast<std::int64_t>(micros)};
}

Timestamp FloorToHour(Timestamp t) {
  std::int64_t rest = t.micros % kMicrosPerHour;
  if (rest < 0) rest += kMicrosPerHour;
  return Timestamp{t.micros - rest};
}

Timestamp FloorToDay(Timestamp t) {
  std::int64_t rest = t.micros % kMicrosPerDay;
  if (rest < 0) rest += kMicrosPerDay;
  return Timestamp{t.micros - rest};
}

std::string DaySuffix(Timestamp t) {
  std::chrono::year_month_day date{sys_days{days{FloorToDay(t).micros / kMicrosPerDay}}};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace mishap
