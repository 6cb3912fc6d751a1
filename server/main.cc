// main: the command line, then the config, then the command. Everything else is somewhere with a
// name.
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <variant>

#include "fmt/format.h"
#include "server/cli.h"
#include "server/config.h"

namespace {

// Blocks of this size go back to the system when they are freed. By itself the allocator keeps
// blocks of up to 32 MiB once it has seen some: what one large body needed would stay.
constexpr int kReturnedBlockBytes = 4 << 20;

constexpr const char* kConfigFile = "/etc/mishap/mishap.toml";

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

// File, environment, flags, in this order. Prints every mistake; false if there was one.
bool LoadConfig(const mishap::Invocation& invocation, mishap::Config& config) {
  std::vector<std::string> errors;
  std::vector<mishap::Setting> settings;
  std::string path = invocation.config_file;
  if (path.empty()) {
    const char* named = std::getenv("MISHAP_CONFIG");
    if (named != nullptr) path = named;
  }
  if (path.empty() && access(kConfigFile, F_OK) == 0) path = kConfigFile;
  if (!path.empty()) {
    auto file = mishap::ReadTomlSettings(path);
    if (file) {
      settings = std::move(*file);
    } else {
      errors.push_back(file.error().detail);
    }
  }
  for (auto& setting : mishap::SettingsFromEnvironment(Environment(), errors)) {
    settings.push_back(std::move(setting));
  }
  settings.insert(settings.end(), invocation.settings.begin(), invocation.settings.end());
  for (std::string& error : mishap::ApplySettings(settings, config)) {
    errors.push_back(std::move(error));
  }
  for (const std::string& error : errors) fmt::print(stderr, "mishap: {}\n", error);
  return errors.empty();
}

int Run(int argc, char** argv) {
  auto parsed = mishap::ParseCommandLine(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& invocation = std::get<mishap::Invocation>(parsed);
  mishap::Config config;
  if (!LoadConfig(invocation, config)) return 2;
  mishap::SetLogLevel(config.log.level);
  const mishap::SystemClock clock;
  mishap::SystemRandom random;
  mishap::CommandContext context{config, invocation.json, clock, random};
  return invocation.run(context);
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_MMAP_THRESHOLD, kReturnedBlockBytes);
  mallopt(M_TRIM_THRESHOLD, 2 * kReturnedBlockBytes);
  umask(077);  // files of ours hold events and secrets; what others may read is opened up by name
  try {
    return Run(argc, argv);
  } catch (const std::exception& e) {  // a bug, or no memory left
    fmt::print(stderr, "mishap: internal error: {}\n", e.what());
    return 1;
  }
}
