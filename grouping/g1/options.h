// What a project sets for grouping besides rules: a text of lines `name = value`, "#" begins a
// comment line.
//
//   frame_order = newest_first           # default oldest_first: home-made clients
//   depth = site                         # site: one frame; path (default); full: no limit
//   message.parameterize = off           # texts count as they are
//   pattern order = ORD-[A-Z0-9]+        # RE2, tried before all tokens: the match becomes <order>
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "grouping/g1/text_patterns.h"
#include "grouping/grouping.h"

namespace mishap::g1 {

enum class Depth : std::uint8_t { kSite, kPath, kFull };

struct Options {
  bool newest_first = false;
  Depth depth = Depth::kPath;
  bool parameterise = true;
  std::unique_ptr<const TextPatterns> patterns;  // null: none

  bool AllDefault() const {
    return !newest_first && depth == Depth::kPath && parameterise && patterns == nullptr;
  }
};

tl::expected<Options, RuleError> ReadOptions(std::string_view text);

}  // namespace mishap::g1
