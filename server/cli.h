// The command line: words in, one command and its settings out. The only file behind it that
// includes CLI11 is cli.cc.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "server/command.h"

namespace mishap {

struct Invocation {
  Command run;
  std::string config_file;  // empty: MISHAP_CONFIG, else /etc/mishap/mishap.toml if it is there
  std::vector<Setting> settings;  // from flags
  bool json = false;
};

// An exit status when there is nothing to run: 0 after --help, 2 after a mistake (both already
// printed).
std::variant<Invocation, int> ParseCommandLine(int argc, const char* const* argv);

}  // namespace mishap
