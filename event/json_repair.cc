// A tolerant JSON scanner that rewrites what strict parsers refuse. Linear; recursion ends at
// kJsonDepthMax.
#include "event/json_repair.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "base/bytes.h"
#include "event/event.h"
#include "event/json_tree.h"

namespace mishap {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Scanner {
 public:
  explicit Scanner(std::string_view in) : in_(in) { out_.reserve(in.size() + 16); }

  Result<std::string> Run() {
    if (in_.substr(0, 3) == "\xEF\xBB\xBF") pos_ = 3;
    if (!Value(0)) return Failed();
    SkipBlanks();
    if (pos_ != in_.size() && !Expect("nothing after the value")) return Failed();
    return std::move(out_);
  }

 private:
  Result<std::string> Failed() const {
    return Fail(Reason::kInvalidJson, fmt::format("byte {}: {}", pos_, problem_));
  }
  bool Expect(std::string_view what) {
    problem_ = pos_ >= in_.size() ? fmt::format("the text ends, expected {}", what)
                                  : fmt::format("expected {}", what);
    return false;
  }
  char Peek() const { return pos_ < in_.size() ? in_[pos_] : '\0'; }
  void SkipBlanks() {
    while (pos_ < in_.size()) {
      char c = in_[pos_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') break;
      ++pos_;
    }
  }
  bool Take(std::string_view word) {
    if (in_.substr(pos_, word.size()) != word) return false;
    pos_ += word.size();
    return true;
  }

  bool Value(std::size_t depth) {
    SkipBlanks();
    switch (Peek()) {
      case '{':
        return Object(depth + 1);
      case '[':
        return Array(depth + 1);
      case '"':
        return String();
      default:
        break;
    }
    for (std::string_view word : {"true", "false", "null"}) {
      if (Take(word)) {
        out_ += word;
        return true;
      }
    }
    for (std::string_view word : {"NaN", "nan", "Infinity", "-Infinity", "-NaN", "inf", "-inf"}) {
      if (Take(word)) {
        out_ += "null";
        return true;
      }
    }
    return Number();
  }

  bool Open(char bracket, std::size_t depth) {
    if (depth > kJsonDepthMax) {
      problem_ = fmt::format("nested deeper than {}", kJsonDepthMax);
      return false;
    }
    out_.push_back(bracket);
    ++pos_;
    SkipBlanks();
    return true;
  }

  // After a value in a container: true with `more` set, or the error.
  bool Separator(char end, bool& more) {
    SkipBlanks();
    char c = Peek();
    if (c != ',' && c != end) return Expect(end == '}' ? "',' or '}'" : "',' or ']'");
    more = c == ',';
    out_.push_back(c);
    ++pos_;
    return true;
  }

  bool Object(std::size_t depth) {
    if (!Open('{', depth)) return false;
    if (Peek() == '}') {
      out_.push_back('}');
      ++pos_;
      return true;
    }
    for (bool more = true; more;) {
      SkipBlanks();
      if (Peek() != '"') return Expect("a key in quotes");
      if (!String()) return false;
      SkipBlanks();
      if (Peek() != ':') return Expect("':' after the key");
      out_.push_back(':');
      ++pos_;
      if (!Value(depth) || !Separator('}', more)) return false;
    }
    return true;
  }

  bool Array(std::size_t depth) {
    if (!Open('[', depth)) return false;
    if (Peek() == ']') {
      out_.push_back(']');
      ++pos_;
      return true;
    }
    for (bool more = true; more;) {
      if (!Value(depth) || !Separator(']', more)) return false;
    }
    return true;
  }

  bool String() {
    out_.push_back('"');
    ++pos_;
    while (pos_ < in_.size()) {
      char c = in_[pos_];
      if (c == '"') {
        out_.push_back('"');
        ++pos_;
        return true;
      }
      if (c == '\\') {
        if (!Escape()) return false;
        continue;
      }
      ++pos_;
      auto byte = static_cast<unsigned char>(c);
      if (byte == 0) {
        out_ += kReplacement;
      } else if (byte < 0x20) {
        out_ += fmt::format("\\u{:04x}", byte);
      } else {
        out_.push_back(c);
      }
    }
    return Expect("the closing quote of a string");
  }

  // Four hex digits at `at`, or -1.
  int Unit(std::size_t at) const {
    if (at + 4 > in_.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      int digit = HexDigit(in_[i]);
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  }

  bool Escape() {
    char c = pos_ + 1 < in_.size() ? in_[pos_ + 1] : '\0';
    if (c != 'u') {
      if (std::string_view(R"("\/bfnrt)").find(c) == std::string_view::npos || c == '\0') {
        out_ += "\\\\";  // "\x": the backslash was meant literally
        ++pos_;
        return true;
      }
      out_.append(in_, pos_, 2);
      pos_ += 2;
      return true;
    }
    int unit = Unit(pos_ + 2);
    if (unit < 0) return Expect("four hex digits after \\u");
    bool high = unit >= 0xD800 && unit <= 0xDBFF;
    if (high && in_.substr(pos_ + 6, 2) == "\\u") {
      int low = Unit(pos_ + 8);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        out_.append(in_, pos_, 12);
        pos_ += 12;
        return true;
      }
    }
    if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF)) {
      out_ += kReplacement;
    } else {
      out_.append(in_, pos_, 6);
    }
    pos_ += 6;
    return true;
  }

  std::size_t Digits() {
    std::size_t start = pos_;
    while (IsDigit(Peek())) ++pos_;
    return pos_ - start;
  }

  bool Number() {
    std::size_t start = pos_;
    if (Peek() == '-') ++pos_;
    bool zero = Peek() == '0';
    std::size_t whole = Digits();
    if (whole == 0 || (zero && whole > 1)) {
      pos_ = start;
      return Expect("a JSON value");
    }
    bool integer = true;
    if (Peek() == '.') {
      integer = false;
      ++pos_;
      if (Digits() == 0) return Expect("a digit");
    }
    if (Peek() == 'e' || Peek() == 'E') {
      integer = false;
      ++pos_;
      if (Peek() == '+' || Peek() == '-') ++pos_;
      if (Digits() == 0) return Expect("a digit");
    }
    std::string_view text = in_.substr(start, pos_ - start);
    if (integer) {
      AppendInteger(text);
    } else {
      double value = 0;
      auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
      bool tiny = parsed.ec == std::errc::result_out_of_range && text.find("e-") != text.npos;
      if (tiny) {
        out_ += '0';
      } else if (parsed.ec != std::errc() || !std::isfinite(value)) {
        out_ += "null";
      } else {
        out_ += text;
      }
    }
    return true;
  }

  // An integer that no machine word holds keeps its digits, as a string.
  void AppendInteger(std::string_view text) {
    const char* end = text.data() + text.size();
    std::int64_t signed_value = 0;
    std::uint64_t unsigned_value = 0;
    if (std::from_chars(text.data(), end, signed_value).ec == std::errc() ||
        std::from_chars(text.data(), end, unsigned_value).ec == std::errc()) {
      out_ += text;
      return;
    }
    out_.push_back('"');
    out_ += text;
    out_.push_back('"');
  }

  std::string_view in_;
  std::size_t pos_ = 0;
  std::string out_;
  std::string problem_;
};

}  // namespace

Result<std::string> RepairJson(std::string_view json) {
  if (IsUtf8(json)) return Scanner(json).Run();
  std::string repaired = RepairUtf8(json);
  return Scanner(repaired).Run();
}

}  // namespace mishap
