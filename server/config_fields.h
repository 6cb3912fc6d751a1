// The table of config fields: key, meaning, how text becomes a value and back. Used by config.cc
// only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config.h"

namespace mishap {

struct ConfigField {
  std::string_view key;
  std::string_view help;
  bool secret = false;
  std::function<Status(Config&, std::string_view text)> set;
  std::function<std::string(const Config&)> show;  // a TOML value
};

const std::vector<ConfigField>& ConfigFields();

}  // namespace mishap
