// TextPattern as PostgreSQL matches it: LIKE patterns and regular expressions over the lines of
// search_facts. Pure.
#pragma once

#include <string>
#include <string_view>

#include "storage/search/search_tree.h"

namespace mishap {

// '%' for every star; everything else literally, for LIKE and ILIKE.
std::string LikePattern(const TextPattern& pattern);
// The same for a part of a text: "%...%".
std::string ContainsPattern(const TextPattern& pattern);

// One line "key=value" of search_facts whose value is exactly `value`, for LIKE.
std::string FactLine(std::string_view key, std::string_view value);
// One line of `key` that the pattern fits, or any line of it, as a regular expression for ~*.
std::string FactExpression(std::string_view key, const TextPattern& pattern);
std::string FactPresence(std::string_view key);
// Captures the number of a line of `key`.
std::string FactNumber(std::string_view key);

// The longest piece, for deciding whether a trigram index can help.
std::size_t LongestPiece(const TextPattern& pattern);
bool IsAscii(const TextPattern& pattern);

}  // namespace mishap
