#include "grouping/g1/module_name.h"

#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/function_name.h"

namespace mishap::g1 {
namespace {

// From here on a class name was made by a proxy, a mocking library or the compiler.
std::string_view CutGenerated(std::string_view module) {
  static constexpr std::array<std::string_view, 14> kMarks{
      "$$EnhancerBy",    "$EnhancerBy", "$$FastClassBy",       "$FastClassBy",
      "$$SpringCGLIB",   "$$Lambda",    "$$ExternalSynthetic", "$$InternalSynthetic",
      "$HibernateProxy", "$ByteBuddy",  "$MockitoMock",        "_$$_javassist",
      "_$$_jvst",        "_$$_Weld"};
  std::size_t cut = module.size();
  for (std::string_view mark : kMarks) {
    const auto at = module.find(mark);
    if (at != std::string_view::npos && at < cut && at > 0) cut = at;
  }
  return module.substr(0, cut);
}

bool EndsWith(std::string_view s, std::string_view tail) {
  return s.size() >= tail.size() && s.substr(s.size() - tail.size()) == tail;
}

// "...Accessor88", "$Proxy113", "fn__4242": the counter goes, and with clojure's its underscores.
std::string_view CutCounter(std::string_view module) {
  std::size_t end = module.size();
  while (end > 0 && IsDigit(module[end - 1])) --end;
  if (end == module.size()) return module;
  const std::string_view head = module.substr(0, end);
  for (std::string_view known : {"GeneratedConstructorAccessor", "GeneratedMethodAccessor",
                                 "GeneratedSerializationConstructorAccessor", "$Proxy"}) {
    if (EndsWith(head, known)) return head;
  }
  for (std::string_view known : {"fn__", "eval__", "reify__"}) {
    if (EndsWith(head, known)) return head.substr(0, head.size() - 2);
  }
  return module;
}

std::string_view CutHiddenClass(std::string_view module) {
  const auto slash = module.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return module;
  std::string_view tail = module.substr(slash + 1);
  if (tail.substr(0, 2) == "0x") tail.remove_prefix(2);
  const bool counter = !tail.empty() && RunLength(tail, 0, IsHex) == tail.size();
  return counter ? module.substr(0, slash) : module;
}

std::string GoModule(std::string_view module) {
  const auto slash = module.rfind("/v");
  if (slash != std::string_view::npos && slash + 2 < module.size() &&
      RunLength(module, slash + 2, IsDigit) == module.size() - slash - 2) {
    module = module.substr(0, slash);
  }
  return std::string(module);
}

}  // namespace

std::string CsharpModule(std::string_view given) {
  std::string nested(given);  // Mono writes "Outer/Inner"
  std::replace(nested.begin(), nested.end(), '/', '+');
  std::string_view module = nested;
  std::size_t cut = module.find("+<");
  for (auto at = module.find("DisplayClass"); at != std::string_view::npos;) {
    const auto plus = module.rfind('+', at);
    if (plus != std::string_view::npos && plus < cut) cut = plus;
    break;
  }
  if (cut != std::string_view::npos && cut > 0) module = module.substr(0, cut);
  std::string out;
  int depth = 0;  // type arguments: "Repo`1[[Acme.User, Acme, Version=1.0.0.0]]"
  for (std::size_t i = 0; i < module.size(); ++i) {
    if (module[i] == '`') {
      i += RunLength(module, i + 1, IsDigit);
      continue;
    }
    if (const std::size_t place = FsharpPlace(module, i); place > 0) {
      i += place - 1;
      continue;
    }
    if (module[i] == '[') ++depth;
    if (depth == 0) out.push_back(module[i]);
    if (module[i] == ']' && depth > 0) --depth;
  }
  return out;
}

std::string JavaModule(std::string_view module) {
  module = CutCounter(CutHiddenClass(CutGenerated(module)));
  std::string out;
  for (std::size_t i = 0; i < module.size(); ++i) {  // anonymous classes: Outer$3 -> Outer$
    out.push_back(module[i]);
    if (module[i] != '$') continue;
    const std::size_t digits = RunLength(module, i + 1, IsDigit);
    const std::size_t end = i + 1 + digits;
    if (digits > 0 && (end == module.size() || module[end] == '$')) i += digits;
  }
  return out;
}

std::string NormalizeModule(Platform platform, std::string_view module) {
  switch (platform) {
    case Platform::kJava:
      return JavaModule(module);
    case Platform::kGo:
      return GoModule(module);
    case Platform::kCsharp:
      return CsharpModule(module);
    case Platform::kElixir:  // an atom's name in full, or as people write it
      return std::string(module.substr(0, 7) == "Elixir." ? module.substr(7) : module);
    default:
      return std::string(module);
  }
}

// "Type+<Load>d__12" -> "Load", of older compilers "Type+<Load>c__Iterator0"; an async lambda,
// "Type+<>c+<<Run>b__0>d" -> "Run.lambda".
std::string CsharpStateMachineMethod(std::string_view module) {
  auto open = module.rfind("+<");
  if (open == std::string_view::npos) open = module.rfind("/<");
  if (open == std::string_view::npos) return {};
  const auto close = module.rfind('>');
  if (close == std::string_view::npos || close <= open + 1) return {};
  const std::string_view kind = module.substr(close + 1);
  if (kind.substr(0, 1) != "d" && kind.substr(0, 11) != "c__Iterator") return {};
  const std::string_view method = module.substr(open + 2, close - open - 2);
  return method.substr(0, 1) == "<" ? CsharpFunction(method) : std::string(method);
}

}  // namespace mishap::g1
