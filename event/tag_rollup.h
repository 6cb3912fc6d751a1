// Which tags are counted per issue (decisions 2.7): not those whose value is new with nearly every
// event, because a distribution of them says nothing and costs a row each. They are still stored
// with the event and searchable there.
#pragma once

#include <string_view>

namespace mishap {

bool IsRolledUp(std::string_view key, std::string_view value);
// True for keys all of whose values are counted, whatever they look like.
bool IsAlwaysRolledUp(std::string_view key);

}  // namespace mishap
