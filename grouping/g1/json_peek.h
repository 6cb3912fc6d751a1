// Reads single members out of the free-form JSON parts of an event. Frozen with g1, and no parser:
// valid JSON is assumed (event.h promises it), anything else gives empty answers.
#pragma once

#include <string>
#include <string_view>

namespace mishap::g1 {

// Text of the value of `key` in the object `json`; empty if it is no object or has no such key.
std::string_view JsonMember(std::string_view json, std::string_view key);

// A string's content, a number's or boolean's text; empty for null, objects and arrays.
std::string JsonScalar(std::string_view value);

}  // namespace mishap::g1
