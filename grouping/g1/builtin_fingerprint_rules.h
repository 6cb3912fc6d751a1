// The text of builtin_fingerprint_rules.txt, made part of the binary by grouping/embed_text.cmake.
// Frozen with g1.
#pragma once

#include <string_view>

namespace mishap::g1 {

extern const std::string_view kBuiltInFingerprintRules;

}  // namespace mishap::g1
