// ReleaseVersion: what a release's name says about its order (web-api 2.11). "shop@1.2.3-rc1+42" is
// package "shop", numbers 1.2.3.0, pre-release "rc1", build "42". Pure; nothing here is stored.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mishap {

// A version that can be ordered. Only a name with a package has one: a bare "1.0.0" is no semver.
struct SemanticVersion {
  std::array<std::int64_t, 4> numbers{};  // missing ones are 0
  int components = 0;                     // how many numbers were written, 1 to 4
  std::string prerelease;                 // empty: a release proper, above all its pre-releases
  std::string build;                      // empty: none

  bool operator==(const SemanticVersion&) const = default;
};

// Numbers; then no pre-release above any; pre-releases as bytes ("rc10" < "rc2"); then builds: both
// of digits as numbers, else as bytes.
std::strong_ordering Compare(const SemanticVersion& a, const SemanticVersion& b);

struct ReleaseVersion {
  std::string package;                      // empty: none
  std::string rest;                         // what follows the package, or the whole name
  std::optional<SemanticVersion> semantic;  // nullopt: cannot be ordered
  std::string build_hash;                   // 12 to 64 hexadecimal digits, or empty

  // For people: "1.0.0 (b7)", a hash's first 12 digits, else `rest`.
  std::string Description() const;
};

ReleaseVersion ParseReleaseVersion(std::string_view name);

inline constexpr std::size_t kReleaseNameBytesMax = 250;
// Not empty, ".", "..", "latest"; no line breaks, tabs, form feeds, slashes or backslashes; at most
// kReleaseNameBytesMax bytes. Blanks at the ends are the caller's to strip.
bool IsValidReleaseName(std::string_view name);

}  // namespace mishap
