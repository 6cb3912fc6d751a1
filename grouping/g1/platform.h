// The platform of a frame, as far as g1 tells platforms apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace mishap::g1 {

enum class Platform : std::uint8_t {
  kOther,
  kPython,
  kJavaScript,
  kNode,
  kRuby,
  kGo,
  kJava,  // and kotlin, scala, groovy, clojure
  kCsharp,
  kPhp,
  kNative,  // native, cocoa, objc, swift, c, cpp, rust
  kElixir,
  kPerl,
  kDart,
};

// A frame's own platform wins over the event's; unknown names are kOther.
Platform PlatformOf(std::string_view frame_platform, std::string_view event_platform);

inline bool IsJavaScript(Platform p) {
  return p == Platform::kJavaScript || p == Platform::kNode;
}

}  // namespace mishap::g1
