// Config: where settings come from, how they are applied and shown. The table of fields is in
// config_fields.cc.
#include "server/config.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "fmt/format.h"
#include "server/config_fields.h"
#include "server/nearest.h"

namespace mishap {
namespace {

constexpr std::string_view kPrefix = "MISHAP_";
constexpr std::string_view kFileSuffix = "_FILE";

const ConfigField* FindField(std::string_view key) {
  for (const ConfigField& field : ConfigFields()) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::string UnknownKey(const Setting& setting) {
  std::vector<std::string> known;
  for (const ConfigField& field : ConfigFields()) known.emplace_back(field.key);
  std::string line = fmt::format("{}: there is no setting '{}'", setting.source, setting.key);
  if (const std::string nearest = Nearest(setting.key, known); !nearest.empty()) {
    line += fmt::format("; did you mean '{}'?", nearest);
  } else {
    line += "; `mishap config keys` lists them all";
  }
  return line;
}

Result<std::string> ReadSecretFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Fail(Reason::kNotFound, fmt::format("cannot read {}", path));
  std::stringstream text;
  text << file.rdbuf();
  return std::string(TrimAscii(text.str()));
}

}  // namespace

std::vector<Setting> SettingsFromEnvironment(const std::map<std::string, std::string>& environment,
                                             std::vector<std::string>& errors) {
  std::vector<Setting> settings;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string rest = ToLowerAscii(std::string_view(name).substr(kPrefix.size()));
    const std::size_t at = rest.find("__");
    if (at == std::string::npos) continue;  // MISHAP_DATA_DIR and the like belong to ./dev
    std::string key = rest.substr(0, at) + "." + rest.substr(at + 2);
    if (FindField(key) == nullptr && name.ends_with(kFileSuffix)) {
      const std::string base = key.substr(0, key.size() - kFileSuffix.size());
      if (FindField(base) != nullptr) {
        auto text = ReadSecretFile(value);
        if (text) {
          settings.push_back({base, *text, name});
        } else {
          errors.push_back(fmt::format("{}: {}", name, text.error().detail));
        }
        continue;
      }
    }
    settings.push_back({std::move(key), value, name});
  }
  return settings;
}

std::vector<std::string> ApplySettings(const std::vector<Setting>& settings, Config& config) {
  std::vector<std::string> errors;
  for (const Setting& setting : settings) {
    const ConfigField* field = FindField(setting.key);
    if (field == nullptr) {
      errors.push_back(UnknownKey(setting));
      continue;
    }
    if (auto ok = field->set(config, setting.text); !ok) {
      errors.push_back(fmt::format("{}: {}: {}", setting.source, setting.key, ok.error().detail));
    }
  }
  return errors;
}

std::string PrintConfig(const Config& config) {
  std::string out;
  std::string section;
  for (const ConfigField& field : ConfigFields()) {
    const std::size_t dot = field.key.find('.');
    const std::string this_section(field.key.substr(0, dot));
    if (this_section != section) {
      if (!section.empty()) out += '\n';
      section = this_section;
      out += fmt::format("[{}]\n", section);
    }
    std::string value = field.show(config);
    if (field.secret && value != "\"\"") value = "\"********\"";
    out += fmt::format("{} = {}\n", field.key.substr(dot + 1), value);
  }
  return out;
}

std::vector<ConfigKey> ConfigKeys() {
  std::vector<ConfigKey> keys;
  for (const ConfigField& field : ConfigFields()) keys.push_back({field.key, field.help});
  return keys;
}

Result<HostPort> ParseHostPort(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("'{}' is not HOST:PORT ({}); example: 127.0.0.1:9000", text, why));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad("an IPv6 address stands in brackets");
  }
  if (host.empty()) return bad("no host; 0.0.0.0 means every address");
  if (port.empty() || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return bad("the port is not a number");
  }
  const int number = std::stoi(std::string(port));
  if (number > 65535) return bad("the port is above 65535");
  return HostPort{std::string(host), static_cast<std::uint16_t>(number)};
}

}  // namespace mishap
