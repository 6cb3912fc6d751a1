// "Did you mean": the candidate nearest to a mistyped word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mishap {

// Empty when nothing is near enough (more than a third of the letters differ).
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace mishap
