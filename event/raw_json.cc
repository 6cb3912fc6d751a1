#include "event/raw_json.h"

#include <charconv>
#include <cstdint>

#include "base/json_writer.h"
#include "event/json_tree.h"

namespace mishap {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view SkipBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  return text;
}

// Length of the string literal that starts at text[0], with its quotes.
std::size_t StringLength(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') {
    if (text[i] == '\\') ++i;
    ++i;
  }
  return i < text.size() ? i + 1 : text.size();
}

void AppendCodePoint(std::string& out, std::uint32_t code) {
  auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::uint32_t HexUnit(std::string_view digits) {
  std::uint32_t unit = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  return unit;
}

// body: between the quotes.
std::string Unescape(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 >= body.size()) {
      out.push_back(body[i]);
      continue;
    }
    char c = body[++i];
    if (c == 'u' && i + 5 <= body.size()) {
      std::uint32_t code = HexUnit(body.substr(i + 1, 4));
      i += 4;
      if (code >= 0xD800 && code <= 0xDBFF && i + 6 < body.size()) {
        code = 0x10000 + ((code - 0xD800) << 10) + (HexUnit(body.substr(i + 3, 4)) - 0xDC00);
        i += 6;
      }
      AppendCodePoint(out, code);
      continue;
    }
    static constexpr std::string_view kFrom = "nrtbf";
    static constexpr std::string_view kTo = "\n\r\t\b\f";
    std::size_t at = kFrom.find(c);
    out.push_back(at == std::string_view::npos ? c : kTo[at]);
  }
  return out;
}

// The text of a key literal, unescaped only when it must be.
std::string KeyText(std::string_view literal) {
  std::string_view body = literal.substr(1, literal.size() - 2);
  return body.find('\\') == std::string_view::npos ? std::string(body) : Unescape(body);
}

// visit(key literal or empty, raw value) -> false to stop.
template <class Visit>
void Walk(std::string_view json, Visit&& visit) {
  json = SkipBlanks(json);
  if (json.empty() || (json[0] != '{' && json[0] != '[')) return;
  const bool object = json[0] == '{';
  std::string_view rest = SkipBlanks(json.substr(1));
  while (!rest.empty() && rest[0] != '}' && rest[0] != ']') {
    std::string_view key;
    if (object) {
      key = rest.substr(0, StringLength(rest));
      rest = SkipBlanks(rest.substr(key.size()));
      if (!rest.empty()) rest = SkipBlanks(rest.substr(1));  // ':'
    }
    std::string_view value = rest.substr(0, JsonValueLength(rest));
    if (value.empty() || !visit(key, value)) return;
    rest = SkipBlanks(rest.substr(value.size()));
    if (!rest.empty() && rest[0] == ',') rest = SkipBlanks(rest.substr(1));
  }
}

}  // namespace

std::size_t JsonValueLength(std::string_view json) {
  if (json.empty()) return 0;
  if (json[0] == '"') return StringLength(json);
  if (json[0] != '{' && json[0] != '[') {
    std::size_t i = 0;
    while (i < json.size() && json[i] != ',' && json[i] != '}' && json[i] != ']' &&
           !IsBlank(json[i])) {
      ++i;
    }
    return i;
  }
  std::size_t depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (c == '"') {
      i += StringLength(json.substr(i)) - 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return json.size();
}

std::string_view JsonMember(std::string_view object, std::string_view name) {
  std::string_view found;
  object = SkipBlanks(object);
  if (object.empty() || object[0] != '{') return found;
  Walk(object, [&](std::string_view key, std::string_view value) {
    std::string_view body = key.substr(1, key.size() - 2);
    bool same = body == name || (body.find('\\') != body.npos && Unescape(body) == name);
    if (same) found = value;
    return !same;
  });
  return found;
}

std::string JsonScalarText(std::string_view value) {
  if (value.empty() || value == "null" || value[0] == '{' || value[0] == '[') return {};
  if (value[0] != '"') return std::string(value);
  return Unescape(value.substr(1, value.size() - 2));
}

std::string JsonMemberText(std::string_view object, std::string_view name) {
  return JsonScalarText(JsonMember(object, name));
}

std::vector<std::pair<std::string, std::string_view>> JsonChildren(std::string_view container) {
  std::vector<std::pair<std::string, std::string_view>> children;
  Walk(container, [&](std::string_view key, std::string_view value) {
    children.emplace_back(key.empty() ? std::string() : KeyText(key), value);
    return true;
  });
  return children;
}

std::size_t JsonDepth(std::string_view json) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (c == '"') {
      i += StringLength(json.substr(i)) - 1;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

std::optional<RawJson> ParseRawJson(std::string_view text) {
  text = SkipBlanks(text);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return std::nullopt;
  JsonTree tree;
  auto root = tree.Parse(text);
  if (!root) return std::nullopt;
  RawJson raw;
  AppendJson(raw.text, *root);
  return raw;
}

void AppendQuotedJson(std::string& out, std::string_view text) {
  AppendJsonString(out, text);
}

std::string QuotedJson(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

}  // namespace mishap
