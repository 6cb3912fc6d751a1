// The second pass of the parameteriser (spec 10): words with digits in which no token was
// recognised.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grouping/g1/parameterise.h"

namespace mishap::g1 {

// chunk: a blank-separated word, offset bytes into the text. Appends it to `out` with long digit
// runs and random ids replaced. True if a replacement stands inside a word: the text then has
// borders it did not have before.
bool LookAgain(std::string_view chunk, std::size_t offset, std::string& out,
               std::vector<TextToken>* tokens);

}  // namespace mishap::g1
