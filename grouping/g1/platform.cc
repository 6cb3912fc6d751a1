#include "grouping/g1/platform.h"

#include <array>
#include <utility>

namespace mishap::g1 {
namespace {

constexpr std::array<std::pair<std::string_view, Platform>, 28> kNames{{
    {"python", Platform::kPython}, {"javascript", Platform::kJavaScript},
    {"node", Platform::kNode},     {"ruby", Platform::kRuby},
    {"go", Platform::kGo},         {"java", Platform::kJava},
    {"kotlin", Platform::kJava},   {"scala", Platform::kJava},
    {"groovy", Platform::kJava},   {"clojure", Platform::kJava},
    {"csharp", Platform::kCsharp}, {"dotnet", Platform::kCsharp},
    {"fsharp", Platform::kCsharp}, {"vb", Platform::kCsharp},
    {"php", Platform::kPhp},       {"native", Platform::kNative},
    {"cocoa", Platform::kNative},  {"objc", Platform::kNative},
    {"swift", Platform::kNative},  {"c", Platform::kNative},
    {"cpp", Platform::kNative},    {"rust", Platform::kNative},
    {"elixir", Platform::kElixir}, {"erlang", Platform::kElixir},
    {"perl", Platform::kPerl},     {"dart", Platform::kDart},
    {"flutter", Platform::kDart},  {"other", Platform::kOther},
}};

}  // namespace

Platform PlatformOf(std::string_view frame_platform, std::string_view event_platform) {
  const std::string_view name = frame_platform.empty() ? event_platform : frame_platform;
  for (const auto& [known, platform] : kNames) {
    if (known == name) return platform;
  }
  return Platform::kOther;
}

}  // namespace mishap::g1
