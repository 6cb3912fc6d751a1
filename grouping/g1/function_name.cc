#include "grouping/g1/function_name.h"

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

std::string ByPlatform(Platform platform, std::string_view name) {
  switch (platform) {
    case Platform::kJavaScript:
    case Platform::kNode:
      return JavaScriptFunction(name);
    case Platform::kJava:
      return JavaFunction(name);
    case Platform::kCsharp:
      return CsharpFunction(name);
    case Platform::kGo:
      return GoFunction(name);
    case Platform::kRuby:
      return RubyFunction(name);
    case Platform::kPhp:
      return PhpFunction(name);
    case Platform::kNative:
      return NativeFunction(name);
    case Platform::kElixir:
      return ElixirFunction(name);
    case Platform::kPerl:
      return PerlFunction(name);
    case Platform::kDart:
      return DartFunction(name);
    case Platform::kPython:
    case Platform::kOther:
      break;
  }
  return std::string(name);
}

}  // namespace

FunctionName NormalizeFunction(Platform platform, std::string_view raw) {
  const std::string_view name = Trim(raw);
  if (platform == Platform::kNative) {
    if (name.empty() || name == "?" || name == "<unknown>") return {"<unknown>", false};
    if (name == "<redacted>") return {std::string(name), false};
  }
  if (name.empty() || name == "?") return {};
  FunctionName result{ByPlatform(platform, name), true};
  result.named = !result.text.empty();
  return result;
}

}  // namespace mishap::g1
