// Function names without what changes between builds, engines and compilers (spec 6.2). One file
// per platform family.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "grouping/g1/platform.h"

namespace mishap::g1 {

struct FunctionName {
  std::string text;    // normalised; for nameless native frames the placeholder people know
  bool named = false;  // false: the frame has no function
};

// raw: the SDK's function name. Never fails: a name that cannot be read (unbalanced brackets) comes
// back unchanged.
FunctionName NormalizeFunction(Platform platform, std::string_view raw);

std::string JavaScriptFunction(std::string_view name);  // empty: nameless
std::string JavaFunction(std::string_view name);
std::string CsharpFunction(std::string_view name);
std::string GoFunction(std::string_view name);
std::string RubyFunction(std::string_view name);
std::string PhpFunction(std::string_view name);
std::string NativeFunction(std::string_view name);
std::string ElixirFunction(std::string_view name);
std::string PerlFunction(std::string_view name);
std::string DartFunction(std::string_view name);

// Of a native name, in place: what is Swift's or il2cpp's in it.
void CutSwiftMarks(std::string& s);
// Length of F#'s "@31-2" at `at`, the place of a closure; 0: something else.
std::size_t FsharpPlace(std::string_view name, std::size_t at);

}  // namespace mishap::g1
