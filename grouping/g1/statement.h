// The signature of a line of source (spec 6.4): what stays the same when a formatter runs over it.
#pragma once

#include <string>
#include <string_view>

namespace mishap::g1 {

// Empty when the line is longer than 160 bytes or a cut-out of minified code ("{snip}").
std::string StatementSignature(std::string_view context_line);

// A signature says something only if it holds a letter or a digit; "}" does not.
bool IsUsableSignature(std::string_view signature);

}  // namespace mishap::g1
