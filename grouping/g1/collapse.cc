#include "grouping/g1/collapse.h"

namespace mishap::g1 {

std::vector<std::string> CollapsedKeys(const std::vector<std::string>& keys) {
  std::vector<CollapseItem> items;
  items.reserve(keys.size());
  for (const std::string& key : keys) items.push_back({0, key, 0});
  Collapse(items, [](std::uint32_t, std::uint32_t) {});
  std::vector<std::string> result;
  result.reserve(items.size());
  for (const CollapseItem& item : items) result.emplace_back(item.key);
  return result;
}

}  // namespace mishap::g1
