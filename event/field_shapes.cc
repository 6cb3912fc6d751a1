// The list shapes of FieldReader: lines, texts, named values, pair lists, cookies, queries,
// headers, messages.
#include <algorithm>

#include "base/bytes.h"
#include "event/field_reader.h"
#include "event/query_text.h"

namespace mishap {
namespace {

std::optional<std::string> JsonOrText(JsonValue value) {
  if (value.IsNull()) return "";
  if (value.IsString()) return std::string(value.Text());
  return ToRaw(value).text;
}

// Lenient text; an array's values are joined with commas.
std::optional<std::string> HeaderText(JsonValue value) {
  if (value.IsNull()) return "";
  if (!value.IsArray()) return LenientText(value);
  std::string joined;
  bool first = true;
  value.EachElement([&](JsonValue element) {
    auto text = LenientText(element);
    if (!text) return;
    if (!first) joined.push_back(',');
    first = false;
    joined += *text;
  });
  return joined;
}

// visit(piece) for each piece of `text` between separators.
template <class Visit>
void Split(std::string_view text, char separator, Visit&& visit) {
  while (true) {
    std::size_t end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

NamedText SplitPair(std::string_view piece, bool plus_is_space) {
  std::size_t equals = piece.find('=');
  std::string_view name = piece.substr(0, equals);
  std::string_view value = equals == std::string_view::npos ? "" : piece.substr(equals + 1);
  auto decode = [&](std::string_view text) {
    // Escapes can spell what a JSON string may not hold.
    std::string plain = RepairUtf8(PercentDecode(text, plus_is_space));
    std::erase(plain, '\0');
    return plain;
  };
  return {decode(name), decode(value)};
}

}  // namespace

std::vector<NamedText> ParseQueryString(std::string_view text) {
  std::vector<NamedText> pairs;
  if (text.starts_with('?')) text.remove_prefix(1);
  Split(text, '&', [&](std::string_view piece) {
    if (!piece.empty()) pairs.push_back(SplitPair(piece, true));
  });
  return pairs;
}

std::vector<NamedText> ParseCookies(std::string_view text) {
  std::vector<NamedText> pairs;
  Split(text, ';', [&](std::string_view piece) {
    piece = TrimAscii(piece);
    if (!piece.empty()) pairs.push_back(SplitPair(piece, false));
  });
  return pairs;
}

void FieldReader::Lines(std::string_view name, std::vector<std::string>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsArray()) return notes_.Drop(*value);
  out.clear();
  value->EachElement([&](JsonValue line) { out.push_back(LenientText(line).value_or("")); });
}

void FieldReader::Texts(std::string_view name, std::vector<std::string>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsArray()) return notes_.Drop(*value);
  out.clear();
  std::size_t index = 0;
  value->EachElement([&](JsonValue element) {
    PathScope scope(notes_, index++);
    if (element.IsNull()) return;
    auto text = LenientText(element);
    if (!text) return notes_.Drop(element);
    out.push_back(std::move(*text));
  });
}

void FieldReader::Named(std::string_view name, std::vector<NamedJson>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr || !AcceptObject(*value)) return;
  value->EachMember([&](std::string_view key, JsonValue member) {
    out.emplace_back(key, ToRaw(member));  // null says something here
  });
  KeepLastOfName(out);
}

void FieldReader::NamedObjects(std::string_view name, std::vector<NamedJson>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr || !AcceptObject(*value)) return;
  value->EachMember([&](std::string_view key, JsonValue member) {
    PathScope scope(notes_, key);
    if (member.IsNull() || member.IsEmptyContainer()) return;
    if (!member.IsObject()) return notes_.Drop(member);
    out.emplace_back(key, ToRaw(member));
  });
  KeepLastOfName(out);
}

void FieldReader::Pairs(std::string_view name, std::vector<NamedText>& out) {
  const JsonValue* value = Take(name);
  if (value != nullptr) ReadPairs(*value, LenientText, out);
}

void FieldReader::Map(std::string_view name, std::vector<NamedText>& out) {
  const JsonValue* value = Take(name);
  if (value != nullptr) ReadPairs(*value, HeaderText, out);
}

void FieldReader::Query(std::string_view name, std::vector<NamedText>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (value->IsString()) {
    out = ParseQueryString(value->Text());
  } else {
    ReadPairs(*value, JsonOrText, out);
  }
}

void FieldReader::Cookies(std::string_view name, std::vector<NamedText>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (value->IsString()) {
    out = ParseCookies(value->Text());
  } else {
    ReadPairs(*value, JsonOrText, out);
  }
}

void FieldReader::Headers(std::string_view name, std::vector<NamedText>& out) {
  const JsonValue* value = Take(name);
  if (value != nullptr) ReadPairs(*value, HeaderText, out);
}

void FieldReader::ReadPairs(JsonValue value, PairText text, PairList& out) {
  out.clear();
  std::size_t index = 0;
  if (value.IsArray()) {
    value.EachElement([&](JsonValue pair) {
      PathScope scope(notes_, index++);
      if (!pair.IsNull()) ReadPairElement(pair, text, out);
    });
    return;
  }
  if (!value.IsObject()) return notes_.Drop(value);
  value.EachMember([&](std::string_view key, JsonValue member) {
    PathScope scope(notes_, key);
    auto result = text(member);
    if (result) {
      out.emplace_back(key, std::move(*result));
    } else if (!member.IsNull()) {
      notes_.Drop(member);
    }
  });
  std::stable_sort(out.begin(), out.end(),
                   [](const NamedText& a, const NamedText& b) { return a.first < b.first; });
  // Of equal keys the document's last stays.
  auto last = std::unique(out.rbegin(), out.rend(), [](const NamedText& a, const NamedText& b) {
    return a.first == b.first;
  });
  out.erase(out.begin(), last.base());
}

// ["key", value], or {"key": ..., "value": ...} as the API shows tags.
void FieldReader::ReadPairElement(JsonValue pair, PairText text, PairList& out) {
  std::optional<std::string> key;
  std::optional<std::string> result;
  bool null_value = false;
  auto take = [&](JsonValue member, bool is_key) {
    if (is_key) {
      key = LenientText(member);
    } else {
      null_value = member.IsNull();
      result = text(member);
    }
  };
  std::size_t index = 0;
  if (pair.IsArray()) {
    pair.EachElement([&](JsonValue element) {
      if (index < 2) take(element, index == 0);
      ++index;
    });
  } else if (pair.IsObject()) {
    pair.EachMember([&](std::string_view name, JsonValue member) {
      if (name == "key" || name == "value") take(member, name == "key");
    });
  }
  if (key && result) {
    out.emplace_back(std::move(*key), std::move(*result));
  } else if (!null_value) {
    notes_.Drop(pair);
  }
}

// A string is the finished text; an object has template, parameters and maybe the text. Called
// again for a weaker alias, it only adds a text that is missing (raven sends both shapes).
void FieldReader::Message(std::string_view name, std::optional<LogEntry>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (value->IsObject()) {
    if (out) return;
    out.emplace();
    FieldReader(notes_).ReadMembers(*value, *out);
    return;
  }
  if (value->IsArray()) {
    if (!value->IsEmptyContainer()) notes_.Drop(*value);
    return;
  }
  std::string text = value->IsString() ? std::string(value->Text()) : ToRaw(*value).text;
  if (!out) out.emplace();
  if (out->formatted.empty() && out->message != text) out->formatted = std::move(text);
}

}  // namespace mishap
