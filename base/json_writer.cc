#include "base/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/bytes.h"

namespace mishap {
namespace {

// True if some byte of the eight is a control character, '"', '\\' or not ASCII (or, rarely, none
// is).
bool MaybeSpecial(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  std::uint64_t x = 0;
  std::memcpy(&x, bytes, sizeof x);
  std::uint64_t quote = x ^ (kOnes * '"');
  std::uint64_t backslash = x ^ (kOnes * '\\');
  std::uint64_t found = (x - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes) | x;
  return (found & (kOnes * 0x80)) != 0;
}

// Length of the longest start that needs no escape and is ASCII.
std::size_t PlainPrefix(std::string_view text) {
  std::size_t i = 0;
  while (i + 8 <= text.size() && !MaybeSpecial(text.data() + i)) i += 8;
  while (i < text.size()) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
    ++i;
    if (i % 8 == 0) {
      while (i + 8 <= text.size() && !MaybeSpecial(text.data() + i)) i += 8;
    }
  }
  return i;
}

void AppendEscaped(std::string& out, char c) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\0':
      out += "\xEF\xBF\xBD";
      break;
    default:
      out += "\\u00";
      out.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
}

}  // namespace

void JsonWriter::Separate() {
  if (comma_) out_.push_back(',');
  comma_ = true;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  out_.push_back('{');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  out_.push_back('}');
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  out_.push_back('[');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  out_.push_back(']');
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  Separate();
  AppendJsonString(out_, name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(out_, value);
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
  Separate();
  char buffer[24];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out_.append(buffer, end);
  return *this;
}

JsonWriter& JsonWriter::Double(double value) {
  if (!std::isfinite(value)) return Null();
  Separate();
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out_.append(buffer, end);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Null() {
  Separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::Time(Timestamp value) {
  return String(FormatTimestamp(value));
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  if (json.empty()) return Null();
  Separate();
  out_ += json;
  return *this;
}

void AppendJsonString(std::string& out, std::string_view value) {
  out.push_back('"');
  bool checked = false;
  std::string repaired;
  while (true) {
    std::size_t plain = PlainPrefix(value);
    out.append(value, 0, plain);
    if (plain == value.size()) break;
    value.remove_prefix(plain);
    auto c = static_cast<unsigned char>(value[0]);
    if (c >= 0x80) {
      if (!checked && !IsUtf8(value)) {
        repaired = RepairUtf8(value);
        value = repaired;
      }
      checked = true;
      std::size_t length = 1;
      while (length < value.size() && static_cast<unsigned char>(value[length]) >= 0x80) ++length;
      out.append(value, 0, length);
      value.remove_prefix(length);
      continue;
    }
    AppendEscaped(out, value[0]);
    value.remove_prefix(1);
  }
  out.push_back('"');
}

}  // namespace mishap
