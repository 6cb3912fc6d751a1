// Java and Kotlin method names: lambdas keep their enclosing method, compiler counters go.
#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {

std::string JavaFunction(std::string_view name) {
  static constexpr std::string_view kLambda = "lambda$";
  if (name.substr(0, kLambda.size()) == kLambda) {
    const std::string_view rest = name.substr(kLambda.size());
    const auto dollar = rest.rfind('$');
    if (dollar != std::string_view::npos && dollar > 0 && dollar + 1 < rest.size() &&
        RunLength(rest, dollar + 1, IsDigit) == rest.size() - dollar - 1) {
      return std::string(rest.substr(0, dollar)) + "$lambda";
    }
  }
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    out.push_back(name[i]);
    if (name[i] == '$') i += RunLength(name, i + 1, IsDigit);
  }
  return out;
}

}  // namespace mishap::g1
