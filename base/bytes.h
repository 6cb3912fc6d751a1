// Bytes and text helpers every room needs: base64, hex, UTF-8 repair. Nothing protocol-specific.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mishap {

// Standard and URL-safe alphabet alike. White space is skipped, padding optional. nullopt on
// anything else.
std::optional<std::string> DecodeBase64(std::string_view text);
std::string EncodeBase64(std::string_view bytes);  // standard alphabet, padded

std::string EncodeHex(std::string_view bytes);  // lower case

// True if `text` is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool IsUtf8(std::string_view text);
// Every ill-formed sequence becomes U+FFFD; NUL stays.
std::string RepairUtf8(std::string_view text);
// The longest prefix of at most `bytes_max` bytes that does not cut a code point.
std::string_view Utf8Prefix(std::string_view text, std::size_t bytes_max);

std::string_view TrimAscii(std::string_view text);  // strips blanks, tabs, CR and LF on both ends
bool EqualsIgnoreCase(std::string_view a, std::string_view b);  // ASCII
std::string ToLowerAscii(std::string_view text);
// %41 and, with `plus_is_space`, '+'. Bad escapes stay as they are.
std::string PercentDecode(std::string_view text, bool plus_is_space);
std::string PercentEncode(std::string_view text);  // everything but unreserved characters

}  // namespace mishap
