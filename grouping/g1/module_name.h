// Module (class, package) names without what proxies, compilers and versions add (spec 6.2).
#pragma once

#include <string>
#include <string_view>

#include "grouping/g1/platform.h"

namespace mishap::g1 {

std::string NormalizeModule(Platform platform, std::string_view module);
std::string JavaModule(std::string_view module);

// "Ns.Type+<Load>d__12" with MoveNext is method Load of Ns.Type. Empty: not a state machine's
// class.
std::string CsharpModule(std::string_view given);
// The method a compiler made the class for; empty: the class is none of a compiler.
std::string CsharpStateMachineMethod(std::string_view module);

}  // namespace mishap::g1
