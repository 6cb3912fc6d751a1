// An explanation for people: the tree of GroupingAlgorithm::Explain as indented lines, a line a
// part. "+" stands before what counts, "-" before what does not, with its reason behind it.
#pragma once

#include <string>
#include <string_view>

namespace mishap {

// explanation: JSON of an Explain() of this program; the result ends with a line feed.
std::string ExplanationText(std::string_view explanation);

}  // namespace mishap
