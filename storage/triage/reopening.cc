#include "storage/triage/reopening.h"

#include "event/release_version.h"

namespace mishap {
namespace {

bool IsAddedAfter(const ReleaseFacts& a, const ReleaseFacts& b) {
  return a.added != b.added ? a.added > b.added : a.id > b.id;
}

}  // namespace

std::partial_ordering CompareVersions(std::string_view a, std::string_view b) {
  if (a == b) return std::partial_ordering::equivalent;
  const ReleaseVersion left = ParseReleaseVersion(a);
  const ReleaseVersion right = ParseReleaseVersion(b);
  if (!left.semantic || !right.semantic || left.package != right.package) {
    return std::partial_ordering::unordered;
  }
  return Compare(*left.semantic, *right.semantic);
}

bool IsRegression(const ResolvedState& resolved, const SeenEvent& event) {
  if (event.occurred_at <= resolved.resolved_at) return false;
  if (resolved.kind == ResolutionKind::kPlain) return true;
  if (resolved.kind == ResolutionKind::kCommit) return false;  // in no release yet
  if (event.release.id == 0) return false;
  if (resolved.kind == ResolutionKind::kRelease) {
    if (event.release.id == resolved.release.id) return true;
    const auto order = CompareVersions(event.release.version, resolved.release.version);
    if (order != std::partial_ordering::unordered) return order >= 0;
    return IsAddedAfter(event.release, resolved.release);
  }
  const auto order = CompareVersions(event.release.version, resolved.current_version);
  if (order != std::partial_ordering::unordered) return order > 0;
  return IsAddedAfter(event.release, resolved.release);
}

bool IsNextRelease(std::string_view current_version, std::string_view appeared) {
  const auto order = CompareVersions(appeared, current_version);
  return order == std::partial_ordering::unordered || order > 0;
}

}  // namespace mishap
