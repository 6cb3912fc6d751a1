// .NET method names: signatures, arity and the names compilers give to lambdas and local functions.
#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

std::string WithoutArity(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
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

}  // namespace

std::string CsharpFunction(std::string_view name) {
  if (const auto open = name.find('('); open != std::string_view::npos && open > 0) {
    name = Trim(name.substr(0, open));
  }
  static constexpr std::string_view kNamedLambda = " { <lambda> }";  // by the SDK
  if (name.size() > kNamedLambda.size() &&
      name.substr(name.size() - kNamedLambda.size()) == kNamedLambda) {
    return WithoutArity(name.substr(0, name.size() - kNamedLambda.size())) + ".lambda";
  }
  std::string plain = WithoutArity(name);
  if (plain.empty() || plain.front() != '<') return plain;
  // <Load>b__4_1, <Outer>g__Inner|3_0
  const auto close = plain.rfind('>');
  if (close == std::string::npos || close < 2) return plain;
  const std::string outer = plain.substr(1, close - 1);
  const std::string tail = plain.substr(close + 1);
  if (tail.rfind("b__", 0) == 0) return outer + ".lambda";
  if (tail.rfind("g__", 0) == 0) return outer + "." + tail.substr(3, tail.find('|') - 3);
  return plain;
}

}  // namespace mishap::g1
