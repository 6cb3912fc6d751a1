#include "api/short_id.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/ids.h"

namespace mishap {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int DigitOf(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'I' || c == 'L') c = '1';
  if (c == 'O') c = '0';
  auto at = kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string FormatShortId(std::string_view project_slug, std::int64_t number) {
  std::string digits;
  do {
    digits.push_back(kAlphabet[static_cast<std::size_t>(number % 32)]);
    number /= 32;
  } while (number > 0);
  std::reverse(digits.begin(), digits.end());
  std::string out(project_slug);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out + "-" + digits;
}

std::optional<ShortId> ParseShortId(std::string_view text) {
  if (text.starts_with("issue:")) text.remove_prefix(6);
  auto separator = text.find_last_of(" _-");
  if (separator == std::string_view::npos || separator == 0) return std::nullopt;
  auto digits = text.substr(separator + 1);
  if (digits.empty() || digits.size() > 7) return std::nullopt;
  std::int64_t number = 0;
  for (char c : digits) {
    int digit = DigitOf(c);
    if (digit < 0) return std::nullopt;
    number = number * 32 + digit;
  }
  if (number < 1 || number >= kIssuesPerProject) return std::nullopt;
  auto slug = ToLowerAscii(text.substr(0, separator));
  auto is_slug = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (!std::all_of(slug.begin(), slug.end(), is_slug)) return std::nullopt;
  return ShortId{std::move(slug), number};
}

}  // namespace mishap
