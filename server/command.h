// A command of `mishap`: what it gets, what it gives back, and how it prints. One file per noun
// (command_*.cc).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "server/config.h"

namespace mishap {

struct CommandContext {
  const Config& config;
  bool json = false;  // machine-readable output
  const Clock& clock;
  Random& random;
};

// Exit statuses: 0 done, 1 failed (the reason is on standard error), 2 the command line or the
// config is wrong.
using Command = std::function<int(CommandContext&)>;

// Prints "mishap: <detail>" on standard error; returns 1.
int PrintError(const Error& error);

// Rows under a header, columns aligned; as JSON an array of objects with the header's names in
// snake_case. An empty table says `when_empty`.
void PrintTable(const CommandContext& context, const std::vector<std::string>& header,
                const std::vector<std::vector<std::string>>& rows, const std::string& when_empty);

}  // namespace mishap
