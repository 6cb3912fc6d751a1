// A release's name as the columns of control.release that order it.
#pragma once

#include <string>
#include <string_view>

#include "event/release_version.h"

namespace mishap {

struct VersionColumns {
  std::string package;
  std::string numbers;  // "{1,2,0,0}", or empty: the name says nothing about its order
  std::string prerelease;
  std::string build;
};

VersionColumns VersionColumnsOf(std::string_view version);

}  // namespace mishap
