// Dates and times in the forms programs print: ISO 8601, RFC 822/850/1123, JavaScript's Date,
// ctime, logs, plain dates and clock times, datetime.datetime(...). Ranges are checked: 25:99 is no
// time.
#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kNone = 0;

// Reads `s` from a position on; every step says whether it could be taken.
class Reader {
 public:
  Reader(std::string_view s, std::size_t at) : s_(s), begin_(at), at_(at) {}

  std::size_t Length() const { return EndsAtBorder(s_, at_) ? at_ - begin_ : kNone; }
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < s_.size() ? s_[at_ + ahead] : '\0';
  }

  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  bool Take(std::string_view text) {
    if (s_.substr(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }
  bool Number(std::size_t digits_min, std::size_t digits_max, int low, int high) {
    int value = 0;
    std::size_t n = 0;
    while (n <= digits_max && IsDigit(Peek(n))) value = value * 10 + (Peek(n++) - '0');
    if (n < digits_min || n > digits_max || value < low || value > high) return false;
    at_ += n;
    return true;
  }
  bool Day() { return Number(1, 2, 1, 31); }
  bool Year() { return Number(4, 4, 1900, 2199); }
  bool MonthNumber() { return Number(1, 2, 1, 12); }

  bool MonthName() {
    static constexpr std::array<std::string_view, 12> kMonths{
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    return Name(kMonths);
  }
  bool WeekdayName() {
    static constexpr std::array<std::string_view, 7> kDays{
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    return Name(kDays);
  }

  // 7:08, 07:08:09.123, 07:08 pm
  bool Clock() {
    const std::size_t start = at_;
    if (!Number(1, 2, 0, 23) || !Take(':') || !Number(2, 2, 0, 59)) return Back(start);
    if (Peek() == ':' && IsDigit(Peek(1))) {
      ++at_;
      if (!Number(2, 2, 0, 60)) return Back(start);
      if ((Peek() == '.' || Peek() == ',') && IsDigit(Peek(1))) {
        ++at_;
        while (IsDigit(Peek())) ++at_;
      }
    }
    const std::size_t blank = Peek() == ' ' ? 1 : 0;
    const char half = ToLower(Peek(blank));
    if ((half == 'a' || half == 'p') && ToLower(Peek(blank + 1)) == 'm' &&
        EndsAtBorder(s_, at_ + blank + 2)) {
      at_ += blank + 2;
    }
    return true;
  }

  // Z, +02:00, " GMT+0200", " UTC", " (CEST)"
  void Zone() {
    if (Peek() == 'Z' && EndsAtBorder(s_, at_ + 1)) {
      ++at_;
      return;
    }
    const std::size_t start = at_;
    Take(' ');
    const bool named = Take("GMT") || Take("UTC");
    const bool offset = (Peek() == '+' || Peek() == '-') && IsDigit(Peek(1)) && IsDigit(Peek(2));
    if (offset) {
      at_ += 3;
      Take(':');
      if (IsDigit(Peek()) && IsDigit(Peek(1))) at_ += 2;
    }
    if ((!named && !offset) || !EndsAtBorder(s_, at_)) {
      at_ = start;
      return;
    }
    const std::size_t behind = at_;
    if (Take(" (")) {
      std::size_t letters = 0;
      while (letters < 40 && (IsLetter(Peek()) || Peek() == ' ')) ++at_, ++letters;
      if (!Take(')')) at_ = behind;
    }
  }

  bool Back(std::size_t to) {
    at_ = to;
    return false;
  }
  std::size_t at() const { return at_; }

 private:
  template <std::size_t N>
  bool Name(const std::array<std::string_view, N>& names) {
    const std::size_t letters =
        RunLength(s_.substr(0, std::min(s_.size(), at_ + 10)), at_, IsLetter);
    if (letters < 3) return false;
    const std::string_view word = s_.substr(at_, letters);
    for (std::string_view name : names) {
      if (letters == 3 ? EqualsLower(word, name.substr(0, 3)) : EqualsLower(word, name)) {
        at_ += letters;
        return true;
      }
    }
    return false;
  }

  std::string_view s_;
  std::size_t begin_;
  std::size_t at_;
};

void OptionalClock(Reader& r, char joiner) {
  const std::size_t start = r.at();
  if (!r.Take(joiner) || !r.Clock()) {
    r.Back(start);
    return;
  }
  r.Zone();
}

// 2024-05-06, 2024/05/06 07:08:09, 2024-05-06T07:08:09.123Z
std::size_t Iso(std::string_view s, std::size_t at) {
  Reader r(s, at);
  if (!r.Year()) return kNone;
  const char joiner = r.Peek();
  if (joiner != '-' && joiner != '/' && joiner != '.') return kNone;
  if (!r.Take(joiner) || !r.MonthNumber() || !r.Take(joiner) || !r.Day()) return kNone;
  OptionalClock(r, r.Peek() == 'T' ? 'T' : ' ');
  return r.Length();
}

// 20240506T070809Z
std::size_t CompactIso(std::string_view s, std::size_t at) {
  if (RunLength(s, at, IsDigit) != 8 || at + 8 >= s.size() || s[at + 8] != 'T') return kNone;
  const std::size_t clock = RunLength(s, at + 9, IsDigit);
  if (clock != 6 && clock != 4) return kNone;
  std::size_t end = at + 9 + clock;
  if (end < s.size() && s[end] == 'Z') ++end;
  return EndsAtBorder(s, end) ? end - at : kNone;
}

// 06 May 2024 07:08:09 GMT, 06-May-24, 06/May/2024:07:08:09 +0000
bool DayMonthYear(Reader& r) {
  if (!r.Day()) return false;
  const char joiner = r.Peek();
  if (joiner != ' ' && joiner != '-' && joiner != '/') return false;
  if (!r.Take(joiner) || !r.MonthName() || !r.Take(joiner)) return false;
  if (!r.Year() && !r.Number(2, 2, 0, 99)) return false;
  OptionalClock(r, r.Peek() == ':' ? ':' : ' ');
  return true;
}

// 6/5/2024, 06.05.2024
std::size_t NumericDate(std::string_view s, std::size_t at) {
  Reader r(s, at);
  if (!r.Day()) return kNone;
  const char joiner = r.Peek();
  if (joiner != '/' && joiner != '.' && joiner != '-') return kNone;
  if (!r.Take(joiner) || !r.Day() || !r.Take(joiner) || !r.Year()) return kNone;
  OptionalClock(r, ' ');
  return r.Length();
}

std::size_t ClockOnly(std::string_view s, std::size_t at) {
  if (at > 0 && s[at - 1] == ':') return kNone;
  Reader r(s, at);
  if (!r.Clock() || (r.Peek() == ':' && IsDigit(r.Peek(1)))) return kNone;
  r.Zone();
  return r.Length();
}

// May 6 2024 07:08:09, May 6, 2024, May 06 07:08:09 2024, May 6 07:08:09
bool MonthDay(Reader& r) {
  if (!r.MonthName() || !r.Take(' ') || !r.Day()) return false;
  const std::size_t start = r.at();
  r.Take(',');
  if (r.Take(' ') && r.Year()) {
    OptionalClock(r, ' ');
    return true;
  }
  r.Back(start);
  if (!r.Take(' ') || !r.Clock()) return r.Back(start);
  r.Zone();
  const std::size_t clock = r.at();
  if (!r.Take(' ') || !r.Year()) r.Back(clock);
  return true;
}

std::size_t Named(std::string_view s, std::size_t at) {
  Reader r(s, at);
  if (r.WeekdayName()) {
    r.Take(',');
    if (!r.Take(' ')) return kNone;
  }
  if (IsDigit(r.Peek())) return r.at() > at && DayMonthYear(r) ? r.Length() : kNone;
  return MonthDay(r) ? r.Length() : kNone;
}

std::size_t PythonDatetime(std::string_view s, std::size_t at) {
  for (std::string_view head : {"datetime.datetime(", "datetime.date(", "datetime.time("}) {
    if (s.substr(at, head.size()) != head) continue;
    int depth = 0;
    for (std::size_t i = at + head.size() - 1; i < s.size() && i < at + 200; ++i) {
      if (s[i] == '(') ++depth;
      if (s[i] == ')' && --depth == 0) return i + 1 - at;
    }
  }
  return kNone;
}

}  // namespace

std::size_t MatchDate(std::string_view s, std::size_t at) {
  if (!IsDigit(s[at])) return s[at] == 'd' ? PythonDatetime(s, at) : Named(s, at);
  // What stands behind the first digits says which forms it can be.
  const std::size_t behind = at + RunLength(s.substr(0, std::min(s.size(), at + 9)), at, IsDigit);
  switch (behind < s.size() ? s[behind] : '\0') {
    case ':':
      return ClockOnly(s, at);
    case 'T':
      return CompactIso(s, at);
    case ' ':
    case '-':
    case '/':
    case '.':
      break;
    default:
      return kNone;
  }
  if (const std::size_t n = Iso(s, at); n > 0) return n;
  if (Reader r(s, at); DayMonthYear(r) && r.Length() > 0) return r.Length();
  return NumericDate(s, at);
}

}  // namespace mishap::g1
