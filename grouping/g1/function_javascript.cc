// JavaScript function names: engines disagree on prefixes, receivers and names for nameless
// functions.
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

bool IsNameless(std::string_view name) {
  static constexpr std::array<std::string_view, 13> kNameless{"",
                                                              "?",
                                                              "<anonymous>",
                                                              "anonymous",
                                                              "anonymous function",
                                                              "<anonymous function>",
                                                              "<unknown>",
                                                              "eval code",
                                                              "global code",
                                                              "module code",
                                                              "<global>",
                                                              "{anonymous}",
                                                              "unknown"};
  for (std::string_view known : kNameless) {
    if (EqualsLower(name, known)) return true;
  }
  return false;
}

std::string_view WithoutLeadingWords(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kWords{"async", "new",    "get",
                                                          "set",   "static", "bound"};
  for (bool again = true; again;) {
    again = false;
    for (std::string_view word : kWords) {
      if (name.size() > word.size() + 1 && name.substr(0, word.size()) == word &&
          (name[word.size()] == ' ' || name[word.size()] == '*')) {
        name.remove_prefix(word.size());
        while (!name.empty() && (name.front() == ' ' || name.front() == '*')) name.remove_prefix(1);
        again = true;
      }
    }
  }
  return name;
}

std::string_view WithoutCounter(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && IsDigit(name[end - 1])) --end;
  if (end < name.size() && end > 1 && name[end - 1] == '$') return name.substr(0, end - 1);
  return name;
}

}  // namespace

std::string JavaScriptFunction(std::string_view name) {
  if (const auto as = name.find(" [as "); as != std::string_view::npos) {
    if (const auto close = name.find(']', as); close != std::string_view::npos) {
      name = name.substr(0, as);
    }
  }
  // Firefox: "async*load", "setTimeout handler*tick".
  if (const auto star = name.rfind('*'); star != std::string_view::npos) {
    name = Trim(name.substr(star + 1));
  }
  if (IsNameless(name)) return {};
  name = WithoutLeadingWords(name);
  if (name.empty() || name.back() == '<' || Contains(name, "/<")) return {};
  if (name.find(' ') == std::string_view::npos) {
    if (const auto slash = name.rfind('/'); slash != std::string_view::npos) {
      name = name.substr(slash + 1);
    }
  }
  if (IsNameless(name)) return {};
  if (const auto dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  name = WithoutCounter(Trim(WithoutLeadingWords(name)));  // "Cart.get total"
  return IsNameless(name) ? std::string{} : std::string(name);
}

}  // namespace mishap::g1
