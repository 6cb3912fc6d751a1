// Words both rule languages share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mishap::g1 {

// "native,javascript" as bits of FamilyBit(); false: some name is no family.
bool ReadRuleFamilies(std::string_view list, std::uint8_t& families);

std::optional<bool> ReadRuleBoolean(std::string_view text);  // 1 yes true on, 0 no false off

}  // namespace mishap::g1
