// The rules by which an arriving event brings an issue back: regressions of resolved issues
// (web-api 2.6). Pure: no SQL, no clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mishap {

// Numbers as tenant.issue_resolution stores them; kPlain has no row.
enum class ResolutionKind : std::int16_t {
  kPlain = 0,
  kRelease = 1,
  kNextRelease = 2,
  kCommit = 3
};

struct ReleaseFacts {
  std::int32_t id = 0;  // tenant.project_release; 0: none
  std::string version;
  Timestamp added;
};

struct ResolvedState {
  Timestamp resolved_at;
  ResolutionKind kind = ResolutionKind::kPlain;
  ReleaseFacts release;         // resolved in it, or in the next one after it
  std::string current_version;  // kNextRelease: the greatest version when it was resolved
};

struct SeenEvent {
  Timestamp occurred_at;
  ReleaseFacts release;
};

// How two releases stand to each other where their names say so: both versions of one package.
// Unordered otherwise; then the dates decide.
std::partial_ordering CompareVersions(std::string_view a, std::string_view b);

// True if the event shows that the issue is not solved. What happened before the resolve never
// does; without a release an event says nothing about a release.
bool IsRegression(const ResolvedState& resolved, const SeenEvent& event);

// Does a release that has just appeared settle "in the next release after base"? Not if its version
// is known to be no later than the greatest one then.
bool IsNextRelease(std::string_view current_version, std::string_view appeared);

}  // namespace mishap
