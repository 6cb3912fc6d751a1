// Strong ids: numbers and 128-bit values that cannot be mixed up. No parsing of anything but the id
// itself.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

// A 64-bit id of one noun. 0 means "none"; real ids start at 1.
template <class Tag>
struct NumericId {
  std::int64_t value = 0;

  auto operator<=>(const NumericId&) const = default;
  explicit operator bool() const { return value != 0; }
};

using OrganizationId = NumericId<struct OrganizationTag>;
using ProjectId = NumericId<struct ProjectTag>;  // at most kProjectIdMax
using KeyId = NumericId<struct KeyTag>;  // a row of control.project_key, not the public key itself
using IssueId = NumericId<struct IssueTag>;      // project_id x 10^9 + n, always under 2^53
using HashRowId = NumericId<struct HashRowTag>;  // counts from 1 within a project
using UserId = NumericId<struct UserTag>;        // a person who signs in
using TokenId = NumericId<struct TokenTag>;

// Clients read issue ids as JavaScript numbers: kProjectIdMax x 10^9 + 10^9 stays under 2^53.
inline constexpr std::int64_t kProjectIdMax = 9'000'000;
inline constexpr std::int64_t kIssuesPerProject = 1'000'000'000;

inline IssueId MakeIssueId(ProjectId project, std::int64_t n) {
  return IssueId{project.value * kIssuesPerProject + n};
}
inline ProjectId ProjectOf(IssueId issue) {
  return ProjectId{issue.value / kIssuesPerProject};
}
inline std::int64_t ShortNumberOf(IssueId issue) {
  return issue.value % kIssuesPerProject;
}

// Sixteen bytes shown as 32 lower-case hex digits.
template <class Tag>
struct Id128 {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Id128&) const = default;
  bool IsNil() const { return *this == Id128{}; }
};

using EventId = Id128<struct EventIdTag>;
using SpoolId = Id128<struct SpoolIdTag>;
using Hash128 = Id128<struct Hash128Tag>;  // a grouping hash: XXH3-128, big-endian

// "0a1b..." (32 digits, lower case, no dashes).
std::string HexOf(const std::array<std::uint8_t, 16>& bytes);
template <class Tag>
std::string ToHex(const Id128<Tag>& id) {
  return HexOf(id.bytes);
}

// Accepts 32 hex digits in any case, with or without dashes, braces or "urn:uuid:"
// (ingest-protocol 4.4).
Result<std::array<std::uint8_t, 16>> ParseHex128(std::string_view text);
template <class Id>
Result<Id> ParseId128(std::string_view text) {
  auto bytes = ParseHex128(text);
  if (!bytes) return Fail(bytes.error());
  return Id{*bytes};
}

struct Id128Hash {
  template <class Tag>
  std::size_t operator()(const Id128<Tag>& id) const {
    std::size_t h = 0;
    std::memcpy(&h, id.bytes.data(), sizeof h);
    return h;
  }
};

}  // namespace mishap

template <class Tag>
struct std::hash<mishap::NumericId<Tag>> {
  std::size_t operator()(const mishap::NumericId<Tag>& id) const {
    return std::hash<std::int64_t>{}(id.value);
  }
};
