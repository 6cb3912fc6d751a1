// .NET method names: signatures, arity and the names compilers give to lambdas and local functions.
#include <utility>

#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"
#include "grouping/g1/module_name.h"

namespace mishap::g1 {
namespace {

bool EndsWord(std::string_view name, std::size_t end) {
  return end == name.size() || !IsWord(name[end]);
}

// Without arity ("Find`2") and without the places F# puts into names of closures ("load@31-2").
std::string WithoutCounters(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (const std::size_t place = FsharpPlace(name, i); place > 0) {
      i += place - 1;
      continue;
    }
    if (name[i] == '`') {
      std::size_t ticks = RunLength(name, i, [](char c) { return c == '`'; });
      const std::size_t digits = RunLength(name, i + ticks, IsDigit);
      if (digits > 0) {
        i += ticks + digits - 1;
        continue;
      }
    }
    out.push_back(name[i]);
  }
  return out;
}

// What stands before and behind the last mark between class and method in "Shop.Cart:Add" or
// "Cart+<Load>d__3.MoveNext"; an empty class: the name is only a method's.
std::pair<std::string_view, std::string_view> SplitClass(std::string_view name) {
  std::size_t mark = name.rfind(':');
  if (mark == std::string_view::npos && name.find("+<") != std::string_view::npos) {
    mark = name.find_last_of(".>");
    if (mark != std::string_view::npos && name[mark] == '>') mark = std::string_view::npos;
  }
  if (mark == std::string_view::npos || mark == 0 || mark + 1 == name.size()) return {{}, name};
  return {name.substr(0, mark), name.substr(mark + 1)};
}

}  // namespace

std::size_t FsharpPlace(std::string_view name, std::size_t at) {
  if (name[at] != '@' || at == 0) return 0;
  const std::size_t line = RunLength(name, at + 1, IsDigit);
  if (line == 0) return 0;
  std::size_t end = at + 1 + line;
  if (end < name.size() && name[end] == '-') {
    const std::size_t counter = RunLength(name, end + 1, IsDigit);
    if (counter > 0) end += 1 + counter;
  }
  return EndsWord(name, end) ? end - at : 0;
}

std::string CsharpFunction(std::string_view name) {
  static constexpr std::string_view kWrapper = "(wrapper ";  // Mono's bridges to native code
  if (name.substr(0, kWrapper.size()) == kWrapper) {
    const auto close = name.find(')');
    if (close != std::string_view::npos) name = Trim(name.substr(close + 1));
  }
  if (const auto open = name.find('('); open != std::string_view::npos && open > 0) {
    name = Trim(name.substr(0, open));
  }
  if (const auto open = name.find('['); !name.empty() && name.back() == ']' && open > 0) {
    name = name.substr(0, open);  // type arguments: "Map[TIn,TOut]"
  }
  // Unity writes class and method into one name.
  if (const auto [type, method] = SplitClass(name); !type.empty()) {
    const std::string started = method == "MoveNext" ? CsharpStateMachineMethod(type) : "";
    return CsharpModule(type) + "." + (started.empty() ? CsharpFunction(method) : started);
  }
  static constexpr std::string_view kNamedLambda = " { <lambda> }";  // by the SDK
  if (name.size() > kNamedLambda.size() &&
      name.substr(name.size() - kNamedLambda.size()) == kNamedLambda) {
    return WithoutCounters(name.substr(0, name.size() - kNamedLambda.size())) + ".lambda";
  }
  std::string plain = WithoutCounters(name);
  if (plain.empty() || plain.front() != '<') return plain;
  // <Load>b__4_1, <Outer>g__Inner|3_0
  const auto close = plain.rfind('>');
  if (close == std::string::npos || close < 2) return plain;
  const std::string outer = plain.substr(1, close - 1);
  const std::string tail = plain.substr(close + 1);
  // m__ is of older compilers.
  if (tail.rfind("b__", 0) == 0 || tail.rfind("m__", 0) == 0) return outer + ".lambda";
  if (tail.rfind("g__", 0) == 0) return outer + "." + tail.substr(3, tail.find('|') - 3);
  return plain;
}

}  // namespace mishap::g1
