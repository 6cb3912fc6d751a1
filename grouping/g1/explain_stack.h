// The stack part of an explanation: every frame with its key, or with the one reason why it does
// not count.
#pragma once

#include <string_view>

#include "base/json_writer.h"
#include "grouping/g1/stack_choice.h"

namespace mishap::g1 {

void WriteStack(const StackChoice& stack, std::string_view id, JsonWriter& json);

}  // namespace mishap::g1
