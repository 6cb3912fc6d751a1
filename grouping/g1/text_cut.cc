// Which part of a text is looked at: its first two lines.
#include <algorithm>

#include "base/bytes.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/parameterise.h"

namespace mishap::g1 {
namespace {

// The next line of `rest` that is not blank, trimmed; empty at the end.
std::string_view NextLine(std::string_view& rest) {
  while (!rest.empty()) {
    const std::size_t end = RunLength(rest, 0, [](char c) { return c != '\n' && c != '\r'; });
    const std::string_view line = Trim(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (!line.empty()) return line;
  }
  return {};
}

}  // namespace

std::string_view CutText(std::string_view raw, std::string& storage) {
  std::string_view rest = Trim(raw);
  const std::string_view first = NextLine(rest);
  const std::string_view second = NextLine(rest);
  bool clean = second.empty() && first.size() <= kTextBytesMax;
  for (std::size_t i = 0; clean && i < first.size(); ++i) {
    const bool blank = IsBlank(first[i]);
    clean = !blank || (first[i] == ' ' && first[i + 1] != ' ' && !IsBlank(first[i + 1]));
  }
  if (clean) return first;
  storage.clear();
  for (std::string_view line : {first, second}) {
    if (line.empty()) continue;
    if (!storage.empty() && storage.back() != ' ') storage.push_back(' ');
    for (char c : line.substr(0, std::min(line.size(), kTextBytesMax))) {
      if (!IsBlank(c))
        storage.push_back(c);
      else if (storage.back() != ' ')
        storage.push_back(' ');
    }
  }
  return Trim(Utf8Prefix(storage, kTextBytesMax));
}

}  // namespace mishap::g1
