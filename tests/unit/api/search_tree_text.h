// A SearchTree as a line of text, for tests.
#pragma once

#include <string>

#include "storage/search/search_tree.h"

namespace mishap {

// "all(status(0/0) !tag[foo](a*|b))"
std::string TextOf(const SearchNode& node);

}  // namespace mishap
