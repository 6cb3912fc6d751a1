// Makes compressed bodies for tests: every coding the door understands, bombs included.
#pragma once

#include <string>
#include <string_view>

namespace mishap {

enum class Wrap { kGzip, kZlib, kRaw };

std::string Deflate(std::string_view bytes, Wrap wrap);
std::string Brotli(std::string_view bytes);
std::string Zstd(std::string_view bytes, int window_log = 0);

}  // namespace mishap
