// Which frames are libraries' and which never group: g1's built-in decisions about one frame (spec
// 7). This is a compact table of prefixes; the whole rule language and project rules take this
// place when they come.
#pragma once

#include <optional>
#include <string_view>

#include "grouping/g1/platform.h"

namespace mishap::g1 {

struct FrameFacts {
  std::string_view path;      // abs_path as sent
  std::string_view filename;  // as sent
  std::string_view module;    // normalised
  std::string_view function;  // normalised
  Platform platform = Platform::kOther;
};

struct BuiltInVerdict {
  bool library = false;   // not in-app, whatever the SDK says
  bool excluded = false;  // does not contribute at all
  std::string_view rule;  // the rule that decided, for the explanation; empty: none matched
};

BuiltInVerdict JudgeFrame(const FrameFacts& facts);

}  // namespace mishap::g1
