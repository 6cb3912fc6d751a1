// What single settings of a project may look like. Pure.
#pragma once

#include <string_view>

namespace mishap {

// "203.0.113.7", "2001:db8::/32".
bool IsAddressBlock(std::string_view text);

// "*", a host, "*.example.com", each also with a port or behind a scheme: what
// ingest/admission.h compares origins with.
bool IsOriginPattern(std::string_view text);

}  // namespace mishap
