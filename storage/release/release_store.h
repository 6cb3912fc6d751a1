// Releases of an organization: made by clients and by the first event that names one (schema
// control). Reading shows only projects of the caller's scope; a release without any is not found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"
#include "storage/release/release_rows.h"
#include "storage/scope.h"

namespace mishap {

enum class ReleaseSort {
  kDate,    // released, else created; newest first
  kBuild,   // by the build number behind "+"
  kSemver,  // by version; names without one last
};

// Where a page begins, however the list has changed since: behind this release.
struct ReleasePosition {
  Timestamp listed_at;  // released, else created: its place by date
  std::int64_t id = 0;
};

struct ReleaseListFilter {
  std::string part;                 // of the version, any case; empty: all
  std::optional<bool> is_archived;  // absent: both
  std::vector<std::string> environments;
  ReleaseSort sort = ReleaseSort::kDate;
  std::int64_t offset = 0;
  std::optional<ReleasePosition> after;  // instead of offset, which counts only if it is gone
  int limit = 100;
};

// What a POST or PUT may set; absent fields stay.
struct ReleaseChange {
  std::optional<std::string> ref;
  std::optional<std::string> url;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> released_at;
  std::optional<bool> is_archived;
};

struct SavedRelease {
  std::int64_t id = 0;
  bool is_new = false;  // the release or one of its projects was not there before
};

// One page in the filter's order and, in `more`, whether another follows.
struct ReleasePage {
  std::vector<ReleaseDetail> rows;
  bool more = false;
};
Result<ReleasePage> ListReleases(Session& session, const Scope& scope,
                                 const ReleaseListFilter& filter);
// Errors: not_found.
Result<ReleaseDetail> FindRelease(Session& session, const Scope& scope, std::string_view version);
// The newest older release of the same projects that has commits; nullopt: none.
Result<std::optional<ReleaseDetail>> FindPreviousWithCommits(Session& session, const Scope& scope,
                                                             std::string_view version);

// Both stand in the audit log (a save that says nothing new does not).
// Makes the release where it is missing and links the projects (all of the scope's; never
// unlinked). `projects` may be empty only for a release that exists. The version is one that
// IsValidReleaseName. Errors: not_found (does not exist and no project was given),
// permission_denied (a project outside the scope).
Result<SavedRelease> SaveRelease(Session& session, const AuditBy& by, const Scope& scope,
                                 std::string_view version, const std::vector<ProjectId>& projects,
                                 const ReleaseChange& change);
// With its commits' places, heads and deploys; events and issues keep the name. Errors: not_found,
// permission_denied (it belongs to a project outside the scope too).
Status RemoveRelease(Session& session, const AuditBy& by, const Scope& scope,
                     std::string_view version);

}  // namespace mishap
