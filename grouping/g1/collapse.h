// Recursion and cycles (spec 8.1): adjacent copies of a block of 1 to 8 frames count once, so that
// depth does not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mishap::g1 {

inline constexpr std::size_t kCyclePeriodMax = 8;

struct CollapseItem {
  std::uint64_t hash = 0;  // of key: compared first
  std::string_view key;
  std::uint32_t position = 0;  // the caller's name for the item
};

// Removes repeats from `items` until nothing changes. dropped(position, same_as) is called for
// every removed item.
template <class Dropped>
void Collapse(std::vector<CollapseItem>& items, const Dropped& dropped) {
  const auto same = [](const CollapseItem& a, const CollapseItem& b) {
    return a.hash == b.hash && a.key == b.key;
  };
  for (bool again = true; again;) {
    again = false;
    for (std::size_t period = 1; period <= kCyclePeriodMax; ++period) {
      std::size_t kept = 0;   // items [0, kept) are the result so far
      std::size_t equal = 0;  // how many of its last items equal the item one period earlier
      for (std::size_t i = 0; i < items.size(); ++i) {
        items[kept] = items[i];
        ++kept;
        equal = kept > period && same(items[kept - 1], items[kept - 1 - period]) ? equal + 1 : 0;
        if (equal < period) continue;
        for (std::size_t k = kept - period; k < kept; ++k) {
          dropped(items[k].position, items[k - period].position);
        }
        kept -= period;
        equal = 0;
        again = true;
      }
      items.resize(kept);
    }
  }
}

// The same on plain keys, for callers without frames.
std::vector<std::string> CollapsedKeys(const std::vector<std::string>& keys);

}  // namespace mishap::g1
