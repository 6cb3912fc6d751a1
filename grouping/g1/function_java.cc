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
  static constexpr std::string_view kR8 = "$r8$lambda$";  // behind it stands a hash
  if (name.substr(0, kR8.size()) == kR8) return std::string(kR8);
  // "onCreate$lambda-3" of older Kotlin is "onCreate$lambda$3" of newer.
  static constexpr std::string_view kOldLambda = "$lambda-";
  if (const auto at = name.rfind(kOldLambda); at != std::string_view::npos) {
    const std::size_t digits = RunLength(name, at + kOldLambda.size(), IsDigit);
    if (digits > 0 && at + kOldLambda.size() + digits == name.size()) {
      return JavaFunction(name.substr(0, at)) + "$lambda$";
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
