#include "grouping/g1/engine_text.h"

#include <algorithm>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kShortName = 2;  // minifiers give no longer names to locals

bool IsNamePart(char c) {
  return IsWord(c) || c == '$';
}

bool StartsWith(std::string_view s, std::string_view head) {
  return s.substr(0, head.size()) == head;
}

// "e.cart.items" -> "items", "e.map(function" -> "map"; empty: no property.
std::string_view LastProperty(std::string_view expression) {
  expression = expression.substr(0, expression.find('('));
  const auto dot = expression.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view name = expression.substr(dot + 1);
  return !name.empty() && RunLength(name, 0, IsNamePart) == name.size() ? name : std::string_view{};
}

std::string ReadOf(std::string_view what, std::string_view property) {
  return std::string("Cannot read properties of ")
      .append(what)
      .append(" (reading '")
      .append(property)
      .append("')");
}

// What is between `head` and the next `tail`; empty: the text is another one.
std::string_view Between(std::string_view text, std::string_view head, std::string_view tail) {
  if (!StartsWith(text, head)) return {};
  const auto end = text.find(tail, head.size());
  if (end == std::string_view::npos) return {};
  return text.substr(head.size(), end - head.size());
}

// Reading a property of nothing, in the words of V8; empty: something else.
std::string Read(std::string_view text) {
  for (std::string_view what : {"undefined", "null"}) {
    const std::string head(what);
    if (const auto e = Between(text, head + " is not an object (evaluating '", "')"); !e.empty()) {
      if (const auto property = LastProperty(e); !property.empty()) return ReadOf(what, property);
    }
    if (const auto old = Between(text, "Cannot read property '", "' of " + head); !old.empty()) {
      return ReadOf(what, old);
    }
    const auto p = Between(text, "can't access property \"", "\", ");
    if (!p.empty() && text.size() > head.size() + 4 &&
        text.substr(text.size() - head.size() - 4) == " is " + head) {
      return ReadOf(what, p);
    }
  }
  return {};
}

// "e.cart.load is not a function. (In '...')" -> "load is not a function"
std::string Call(std::string_view text) {
  static constexpr std::string_view kNoFunction = " is not a function";
  const auto at = text.find(kNoFunction);
  if (at == std::string_view::npos) return {};
  std::string_view called = text.substr(0, at);
  while (!called.empty() && called.back() == ')') called.remove_suffix(1);  // "(0 , r.load)"
  const auto dot = called.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? called : called.substr(dot + 1);
  if (name.empty() || RunLength(name, 0, IsNamePart) != name.size()) return {};
  return std::string(name).append(kNoFunction);
}

std::string UnknownName(std::string_view text) {
  static constexpr std::string_view kSafari = "Can't find variable: ";
  if (!StartsWith(text, kSafari)) return {};
  return std::string(text.substr(kSafari.size())).append(" is not defined");
}

// "t.items is not iterable", "e is undefined": a short name that stands before a property or a
// verdict was given by a minifier.
std::string WithoutShortNames(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t name = RunLength(text, i, IsNamePart);
    if (name == 0) {
      out.push_back(text[i++]);
      continue;
    }
    const std::string_view rest = text.substr(i + name);
    const bool first = i == 0 || std::string_view(" ('\"!,").find(text[i - 1]) != std::string::npos;
    const bool judged = StartsWith(rest, " is not ") || StartsWith(rest, " is undefined") ||
                        StartsWith(rest, " is null");
    const bool owner = !rest.empty() && rest[0] == '.' && rest.size() > 1 && IsNamePart(rest[1]);
    const bool given = name <= kShortName && !IsDigit(text[i]) && first && (owner || judged);
    out += given ? std::string_view("_") : text.substr(i, name);
    i += name;
  }
  return out;
}

bool IsFetchFailure(std::string_view text) {
  for (std::string_view known :
       {"Load failed", "NetworkError when attempting to fetch resource.", "Failed to fetch"}) {
    if (text == known) return true;
  }
  return false;
}

// " at /srv/lib/Shop.pm line <num>." says where, and where it is installed.
void CutPerlPlace(std::string& text) {
  const auto line = text.rfind(" line <num>");
  const auto at = line == std::string::npos ? line : text.rfind(" at ", line);
  if (at == std::string::npos || at == 0) return;
  if (text.find(' ', at + 4) != line || text.size() > line + 12) return;
  text.resize(at);
}

}  // namespace

void UnifyEngineText(Platform platform, std::string_view type, bool minified, std::string& text) {
  if (platform == Platform::kPerl) CutPerlPlace(text);
  if (!IsJavaScript(platform) || (type != "TypeError" && type != "ReferenceError")) return;
  if (IsFetchFailure(text)) {
    text = "Failed to fetch";
    return;
  }
  for (const auto unify : {Read, Call, UnknownName}) {
    if (std::string unified = unify(text); !unified.empty()) {
      text = std::move(unified);
      break;
    }
  }
  if (minified) text = WithoutShortNames(text);
}

}  // namespace mishap::g1
