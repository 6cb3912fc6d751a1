#include "grouping/g1/json_peek.h"

#include <cstdint>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

std::size_t SkipString(std::string_view s, std::size_t at) {  // at: the opening quote
  for (std::size_t i = at + 1; i < s.size(); ++i) {
    if (s[i] == '\\')
      ++i;
    else if (s[i] == '"')
      return i + 1;
  }
  return s.size();
}

std::size_t SkipBlanks(std::string_view s, std::size_t at) {
  return at + RunLength(s, at, IsBlank);
}

std::size_t SkipValue(std::string_view s, std::size_t at) {
  std::size_t depth = 0;
  while (at < s.size()) {
    const char c = s[at];
    if (c == '"') {
      at = SkipString(s, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && (c == ',' || IsBlank(c))) {
      return at;
    }
    ++at;
  }
  return at;
}

void AppendUtf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

std::uint32_t FourHex(std::string_view s, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4 && i < s.size(); ++i) {
    const char c = ToLower(s[i]);
    value = value * 16 + static_cast<std::uint32_t>(IsDigit(c) ? c - '0' : c - 'a' + 10);
  }
  return value & 0xFFFF;
}

std::string Unquoted(std::string_view s) {  // between the quotes
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '\\' || i + 1 >= s.size()) {
      out.push_back(s[i]);
      continue;
    }
    const char c = s[++i];
    switch (c) {
      case 'n':
        out.push_back('\n');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 'b':
        out.push_back('\b');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'u': {
        std::uint32_t code = FourHex(s, i + 1);
        i += 4;
        if (code >= 0xD800 && code < 0xDC00 && s.substr(i + 1, 2) == "\\u") {
          code = 0x10000 + ((code - 0xD800) << 10) + ((FourHex(s, i + 3) - 0xDC00) & 0x3FF);
          i += 6;
        }
        AppendUtf8(out, code);
        break;
      }
      default:
        out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string_view JsonMember(std::string_view json, std::string_view key) {
  std::size_t at = SkipBlanks(json, 0);
  if (at >= json.size() || json[at] != '{') return {};
  ++at;
  while (at < json.size()) {
    at = SkipBlanks(json, at);
    if (at >= json.size() || json[at] != '"') return {};
    const std::size_t key_end = SkipString(json, at);
    const bool wanted = key_end - at == key.size() + 2 && json.substr(at + 1, key.size()) == key;
    at = SkipBlanks(json, key_end);
    if (at >= json.size() || json[at] != ':') return {};
    at = SkipBlanks(json, at + 1);
    const std::size_t end = SkipValue(json, at);
    if (wanted) return json.substr(at, end - at);
    at = SkipBlanks(json, end);
    if (at >= json.size() || json[at] != ',') return {};
    ++at;
  }
  return {};
}

std::string JsonScalar(std::string_view value) {
  value = Trim(value);
  if (value.empty() || value == "null" || value.front() == '{' || value.front() == '[') return {};
  if (value.front() != '"') return std::string(value);
  return value.size() < 2 ? std::string{} : Unquoted(value.substr(1, value.size() - 2));
}

}  // namespace mishap::g1
