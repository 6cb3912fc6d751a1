// The version of this binary, set by CMake's project().
#pragma once

#include <string_view>

namespace mishap {

#ifndef MISHAP_VERSION
#define MISHAP_VERSION "unknown"
#endif
inline constexpr std::string_view kVersion = MISHAP_VERSION;

}  // namespace mishap
