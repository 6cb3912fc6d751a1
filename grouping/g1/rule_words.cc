#include "grouping/g1/rule_words.h"

#include "grouping/g1/chars.h"

namespace mishap::g1 {

bool ReadRuleFamilies(std::string_view list, std::uint8_t& families) {
  while (true) {
    const auto comma = list.find(',');
    const std::string_view name = Trim(list.substr(0, comma));
    if (name == "native")
      families |= 1;
    else if (name == "javascript" || name == "node")
      families |= 2;
    else if (name == "other")
      families |= 4;
    else if (name == "all")
      families |= 7;
    else
      return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

std::optional<bool> ReadRuleBoolean(std::string_view text) {
  for (std::string_view yes : {"1", "yes", "true", "on"}) {
    if (EqualsLower(text, yes)) return true;
  }
  for (std::string_view no : {"0", "no", "false", "off"}) {
    if (EqualsLower(text, no)) return false;
  }
  return std::nullopt;
}

}  // namespace mishap::g1
