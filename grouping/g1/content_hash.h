// Content hashes that bundlers put into file names: a deploy must not change the name of a file.
#pragma once

#include <string_view>

namespace mishap::g1 {

// 7 to 64 hex digits with at least one digit: of any platform's build tools.
bool IsHexHash(std::string_view token);

// The stem without the hashes at its end. "cache_9f3b2c1d" -> "cache"; sets hashed, never clears
// it.
std::string_view CutHexHash(std::string_view stem, bool& hashed);

// The same for names that JavaScript bundlers make: also hashes of other alphabets.
// "main.4f2a91bc", "index-DkX92a8b", "chunk-5YWQ2ZKX", "page_61dcf9ab._" -> "main", "index", ...
// assets: the file lies where Vite puts bundles, so 8 characters behind a dash are always a hash.
std::string_view CutBundleHash(std::string_view stem, bool assets, bool& hashed);

}  // namespace mishap::g1
