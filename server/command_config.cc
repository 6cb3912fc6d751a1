// mishap config, mishap version.
#include <cstdio>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/version.h"

namespace mishap {

int RunConfigPrint(CommandContext& context) {
  fmt::print("{}", PrintConfig(context.config));
  return 0;
}

int RunConfigCheck(CommandContext&) {
  fmt::print("the configuration is good\n");
  return 0;
}

int RunConfigKeys(CommandContext& context) {
  std::vector<std::vector<std::string>> rows;
  for (const ConfigKey& key : ConfigKeys()) {
    rows.push_back({std::string(key.key), std::string(key.help)});
  }
  PrintTable(context, {"Key", "Meaning"}, rows, "");
  return 0;
}

int RunVersion(CommandContext&) {
  fmt::print("mishap {}\n", kVersion);
  return 0;
}

}  // namespace mishap
