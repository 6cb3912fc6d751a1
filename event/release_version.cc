#include "event/release_version.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kShownHashDigits = 12;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool IsHash(std::string_view text) {
  constexpr std::size_t kLengths[] = {12, 16, 20, 32, 40, 64};
  if (std::find(std::begin(kLengths), std::end(kLengths), text.size()) == std::end(kLengths)) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

bool IsWordOf(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_';
  });
}

// Takes up to four numbers joined by dots off the front. False: a number is missing or too large.
bool TakeNumbers(std::string_view& text, SemanticVersion& out) {
  while (out.components < 4) {
    auto& number = out.numbers[static_cast<std::size_t>(out.components)];
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !IsDigit(text.front())) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    ++out.components;
    if (text.size() < 2 || text[0] != '.' || !IsDigit(text[1])) break;
    if (out.components == 4) return false;
    text.remove_prefix(1);
  }
  return true;
}

std::optional<SemanticVersion> ParseSemantic(std::string_view text) {
  if (text.empty()) return std::nullopt;
  SemanticVersion out;
  if (auto plus = text.find('+'); plus != std::string_view::npos) {
    out.build = text.substr(plus + 1);
    if (!IsWordOf(out.build)) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (text.empty() || !TakeNumbers(text, out)) return std::nullopt;
  if (text.empty()) return out;
  // "1.0a1" is a pre-release, "1a1" is not a version at all, "1-a1" is fine again.
  const bool dashed = text.front() == '-';
  const bool glued = text.front() >= 'a' && text.front() <= 'z' && out.components > 1;
  if (!dashed && !glued) return std::nullopt;
  if (dashed) text.remove_prefix(1);
  if (!IsWordOf(text)) return std::nullopt;
  out.prerelease = text;
  return out;
}

// Both of digits: by value, however many digits.
std::strong_ordering CompareBuilds(std::string_view a, std::string_view b) {
  if (!AllDigits(a) || !AllDigits(b)) return a.compare(b) <=> 0;
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

}  // namespace

std::strong_ordering Compare(const SemanticVersion& a, const SemanticVersion& b) {
  if (a.numbers != b.numbers) return a.numbers <=> b.numbers;
  if (a.prerelease.empty() != b.prerelease.empty()) {
    return a.prerelease.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  if (auto order = a.prerelease.compare(b.prerelease) <=> 0; order != 0) return order;
  return CompareBuilds(a.build, b.build);
}

ReleaseVersion ParseReleaseVersion(std::string_view name) {
  ReleaseVersion out;
  // A leading '@' belongs to the package: "@scope/pkg@1.0".
  const auto at = name.find('@', 1);
  if (name.empty() || at == std::string_view::npos) {
    out.rest = name;
    if (IsHash(name)) out.build_hash = name;
    return out;
  }
  out.package = name.substr(0, at);
  out.rest = name.substr(at + 1);
  if (IsHash(out.rest)) {
    out.build_hash = out.rest;
    return out;
  }
  out.semantic = ParseSemantic(out.rest);
  if (out.semantic && IsHash(out.semantic->build)) out.build_hash = out.semantic->build;
  return out;
}

std::string ReleaseVersion::Description() const {
  if (!build_hash.empty() && rest == build_hash) return build_hash.substr(0, kShownHashDigits);
  if (!semantic) return rest;
  std::string out = rest.substr(0, rest.find('+'));
  if (!build_hash.empty()) {
    out.append(" (").append(build_hash, 0, kShownHashDigits).append(")");
  } else if (!semantic->build.empty()) {
    out.append(" (").append(semantic->build).append(")");
  }
  return out;
}

bool IsValidReleaseName(std::string_view name) {
  if (name.empty() || name.size() > kReleaseNameBytesMax) return false;
  if (TrimAscii(name).empty() || name == "." || name == "..") return false;
  if (EqualsIgnoreCase(name, "latest")) return false;
  return name.find_first_of("\r\n\t\f/\\") == std::string_view::npos &&
         name.find('\0') == std::string_view::npos && IsUtf8(name);
}

}  // namespace mishap
