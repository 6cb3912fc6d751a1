// Texts that runtimes write around an error. Engines of JavaScript say one thing in different
// words, and minifiers put names of a build into it; Perl adds the place. What is left of such a
// text is the same for all browsers and builds.
#pragma once

#include <string>
#include <string_view>

#include "grouping/g1/platform.h"

namespace mishap::g1 {

// text: parameterised; changed in place. minified: short names in it are a build's.
void UnifyEngineText(Platform platform, std::string_view type, bool minified, std::string& text);

}  // namespace mishap::g1
