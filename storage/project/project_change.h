// What the API makes and changes of projects, their environments and inbound filters (schema
// control). Every change raises control.directory_version, so that ingest sees it within seconds,
// and stands in the audit log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"
#include "storage/read_projects.h"
#include "storage/scope.h"

namespace mishap {

// Absent fields stay.
struct ProjectChange {
  std::optional<std::string> name;
  std::optional<std::string> slug;      // the old one goes on leading here
  std::optional<std::string> platform;  // empty: none
  std::string
      settings_json;  // an object merged into the stored one, null members removed; empty: none
};

// With a first key named "Default". Errors: conflict (slug taken).
Result<ProjectId> AddProject(Session& session, const AuditBy& by, Random& random,
                             const Scope& scope, std::string_view slug, std::string_view name,
                             std::string_view platform);
// Errors: not_found (outside the scope), conflict (slug taken).
Status ChangeProject(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                     const ProjectChange& change);
// Hidden at once and takes no more events; its slug is free again. Errors: not_found.
Status RemoveProject(Session& session, const AuditBy& by, const Scope& scope, ProjectId project);

// The settings as stored, a JSON object. Errors: not_found.
Result<std::string> ReadSettingsJson(Session& session, const Scope& scope, ProjectId project);

// Who had this slug before, in the caller's organization; nullopt: nobody.
Result<std::optional<ProjectId>> ProjectOfOldSlug(Session& session, const Scope& scope,
                                                  std::string_view slug);

// Errors: not_found (no such environment in the project).
Status HideEnvironment(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                       std::string_view name, bool hidden);

}  // namespace mishap
