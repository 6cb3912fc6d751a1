// Words with digits that mean something by themselves (utf-8, sha256, x86_64): the parameteriser
// keeps them, and they are no content hashes in file names. Part of g1: a changed list is a new
// algorithm.
#pragma once

#include <cstddef>
#include <string_view>

namespace mishap::g1 {

// True if the whole word is one, in any case.
bool IsTechnicalWord(std::string_view word);

// Bytes of the longest technical word that starts at `at` and ends at a border; 0 if there is none.
std::size_t MatchTechnicalWord(std::string_view text, std::size_t at);

}  // namespace mishap::g1
