// The TOML reader of the config: flattens a file into settings with their lines. The only file that
// includes toml++.
#include <toml++/toml.h>

#include <fstream>
#include <map>
#include <sstream>

#include "fmt/format.h"
#include "server/config.h"

namespace mishap {
namespace {

std::string SourceOf(const std::string& path, const toml::node& node) {
  return fmt::format("{}:{}", path, node.source().begin.line);
}

Result<std::string> TextOf(const toml::node& node) {
  if (const auto* s = node.as_string()) return s->get();
  if (const auto* i = node.as_integer()) return fmt::format("{}", i->get());
  if (const auto* b = node.as_boolean()) return std::string(b->get() ? "true" : "false");
  if (const auto* f = node.as_floating_point()) return fmt::format("{}", f->get());
  return Fail(Reason::kInvalidArgument, "dates and nested lists are not used in this config");
}

Result<std::string> ListText(const toml::array& array) {
  std::string joined;
  for (const auto& item : array) {
    auto text = TextOf(item);
    if (!text) return text;
    if (!joined.empty()) joined += ',';
    joined += *text;
  }
  return joined;
}

// toml++ walks keys by name; a person reads the file from the top.
using ByLine = std::multimap<toml::source_index, Setting>;

Status Flatten(const std::string& path, const toml::table& table, const std::string& prefix,
               ByLine& out) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const auto* inner = node.as_table()) {
      if (auto ok = Flatten(path, *inner, key + ".", out); !ok) return ok;
      continue;
    }
    const auto* array = node.as_array();
    auto text = array != nullptr ? ListText(*array) : TextOf(node);
    if (!text) {
      return Fail(Reason::kInvalidArgument,
                  fmt::format("{}: {}: {}", SourceOf(path, node), key, text.error().detail));
    }
    out.insert({node.source().begin.line, {key, *text, SourceOf(path, node)}});
  }
  return {};
}

}  // namespace

Result<std::vector<Setting>> ReadTomlSettings(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Fail(Reason::kNotFound, fmt::format("{}: cannot be read", path));
  std::stringstream text;
  text << file.rdbuf();
  try {
    const toml::table table = toml::parse(text.str(), path);
    ByLine by_line;
    if (auto ok = Flatten(path, table, "", by_line); !ok) return Fail(ok.error());
    std::vector<Setting> settings;
    for (auto& [line, setting] : by_line) settings.push_back(std::move(setting));
    return settings;
  } catch (const toml::parse_error& e) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("{}:{}:{}: not TOML: {}", path, e.source().begin.line,
                            e.source().begin.column, std::string(e.description())));
  }
}

}  // namespace mishap
