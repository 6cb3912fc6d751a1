#include "grouping/g1/statement.h"

#include <algorithm>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kStatementBytesMax = 160;

std::size_t CommentStart(std::string_view line) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    if (line[i] != ' ' && line[i] != '\t') continue;
    const char next = line[i + 1];
    const char after = i + 2 < line.size() ? line[i + 2] : '\0';
    if (next == '/' && after == '/') return i;
    if (next == '#' && after != '{') return i;
  }
  return line.size();
}

}  // namespace

std::string StatementSignature(std::string_view context_line) {
  const std::string_view line = Trim(context_line);
  if (line.empty() || line.size() > kStatementBytesMax || Contains(line, "{snip}")) return {};
  std::string out;
  for (char c : line.substr(0, CommentStart(line))) {
    if (IsBlank(c)) continue;
    out.push_back(c == '"' || c == '`' ? '\'' : c);
  }
  while (!out.empty() && (out.back() == ';' || out.back() == ',' || out.back() == '{')) {
    out.pop_back();
  }
  return out;
}

bool IsUsableSignature(std::string_view signature) {
  return std::any_of(signature.begin(), signature.end(), IsWord);
}

}  // namespace mishap::g1
