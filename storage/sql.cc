#include "storage/sql.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "storage/embedded_sql.h"

namespace mishap {
namespace {

constexpr std::string_view kMarker = "-- name:";
using Statements = std::map<std::string, std::string, std::less<>>;

[[noreturn]] void Die(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::abort();
}

Statements LoadAll() {
  Statements all;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    if (!file.path.starts_with("queries/")) continue;
    auto statements = ParseNamedSql(file.text);
    if (!statements) Die(fmt::format("storage/{}: {}", file.path, statements.error().detail));
    for (auto& [name, text] : *statements) {
      if (!all.emplace(name, std::move(text)).second) {
        Die(fmt::format("storage/{}: the name '{}' is used twice", file.path, name));
      }
    }
  }
  return all;
}

const Statements& All() {
  static const Statements kStatements = LoadAll();
  return kStatements;
}

// Comment lines are for readers of the file, not for the server.
bool IsComment(std::string_view line) {
  return TrimAscii(line).starts_with("--");
}

}  // namespace

Result<Statements> ParseNamedSql(std::string_view text) {
  Statements statements;
  std::string* current = nullptr;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with(kMarker)) {
      const std::string name(TrimAscii(line.substr(kMarker.size())));
      auto [it, added] = statements.emplace(name, "");
      if (name.empty() || !added) {
        return Fail(Reason::kInternal, fmt::format("the name '{}' is empty or used twice", name));
      }
      current = &it->second;
    } else if (!IsComment(line) && !TrimAscii(line).empty()) {
      if (current == nullptr) {
        return Fail(Reason::kInternal, fmt::format("text before the first '-- name:': {}", line));
      }
      current->append(line).push_back('\n');
    }
  }
  for (auto& [name, statement] : statements) {
    std::string_view trimmed = TrimAscii(statement);
    while (trimmed.ends_with(';')) trimmed = TrimAscii(trimmed.substr(0, trimmed.size() - 1));
    if (trimmed.empty()) {
      return Fail(Reason::kInternal, fmt::format("the statement '{}' is empty", name));
    }
    statement = std::string(trimmed);
  }
  return statements;
}

std::string_view Sql(std::string_view name) {
  auto it = All().find(name);
  if (it == All().end()) Die(fmt::format("no SQL named '{}' in storage/queries/*.sql", name));
  return it->second;
}

std::vector<std::string_view> SqlNames() {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : All()) names.push_back(name);
  return names;
}

}  // namespace mishap
