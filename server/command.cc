// Output of the commands; see command.h.
#include "server/command.h"

#include <algorithm>
#include <cstdio>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "fmt/format.h"

namespace mishap {
namespace {

std::string JsonName(std::string_view title) {
  std::string name = ToLowerAscii(title);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

void PrintJson(const std::vector<std::string>& header,
               const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  for (const auto& row : rows) {
    json.BeginObject();
    for (std::size_t i = 0; i < header.size(); ++i) json.Field(JsonName(header[i]), row.at(i));
    json.EndObject();
  }
  json.EndArray();
  fmt::print("{}\n", out);
}

}  // namespace

int PrintError(const Error& error) {
  fmt::print(stderr, "mishap: {}\n", error.detail);
  return 1;
}

void PrintTable(const CommandContext& context, const std::vector<std::string>& header,
                const std::vector<std::vector<std::string>>& rows, const std::string& when_empty) {
  if (context.json) return PrintJson(header, rows);
  if (rows.empty()) {
    fmt::print("{}\n", when_empty);
    return;
  }
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::size_t width = header[i].size();
    for (const auto& row : rows) width = std::max(width, row.at(i).size());
    widths.push_back(width);
  }
  const auto print = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += i + 1 < cells.size() ? fmt::format("{:<{}}  ", cells[i], widths[i]) : cells[i];
    }
    fmt::print("{}\n", line);
  };
  print(header);
  for (const auto& row : rows) print(row);
}

}  // namespace mishap
