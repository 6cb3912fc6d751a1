// Organizations, projects, keys and environments as the API lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct OrganizationRow {
  OrganizationId id;
  std::string slug;
  std::string name;
  Timestamp created_at;
  bool open_membership = false;  // members may join teams themselves
  std::string quotas_json = {};  // as stored (event/quota.h)
  bool spike_protection = false;
};

struct ProjectTeam {
  std::int64_t id = 0;
  std::string slug;
  std::string name;
};

struct ProjectRow {
  ProjectId id;
  OrganizationId organization;
  std::string slug;
  std::string name;
  std::string platform;  // empty: none
  Timestamp created_at;
  std::optional<Timestamp> first_event_at;
  std::vector<std::string> environments;  // by name
  std::string latest_release;             // empty: none
  std::vector<ProjectTeam> teams = {};    // by slug
};

struct KeyRow {
  KeyId id;
  ProjectId project;
  std::string public_key;
  std::string secret_key;
  std::string name;
  bool is_active = true;
  std::int64_t rate_limit_count = 0;  // events per window; 0 = unlimited
  std::int64_t rate_limit_window_s = 0;
  Timestamp created_at;
};

struct EnvironmentRow {
  std::int64_t id = 0;
  std::string name;
  bool is_hidden = false;  // in every project of the scope that has it
};

Result<OrganizationRow> ReadOrganization(Session& session, const Scope& scope);
// By slug. Only projects of the scope.
Result<std::vector<ProjectRow>> ReadProjects(Session& session, const Scope& scope);
// Of all projects of the scope, by project and age.
Result<std::vector<KeyRow>> ReadProjectKeys(Session& session, const Scope& scope);
// Names over all projects of the scope, each once, by name.
Result<std::vector<EnvironmentRow>> ReadEnvironments(Session& session, const Scope& scope);

// What a PUT changes; absent fields stay.
struct KeyChange {
  std::optional<std::string> name;
  std::optional<bool> is_active;
  std::optional<std::int64_t> rate_limit_count;
  std::optional<std::int64_t> rate_limit_window_s;
};
// Each raises control.directory_version, so that ingest notices, and stands in the audit log.
// Errors: not_found for a key outside the project or a project outside the scope, conflict when the
// public key is taken.
Result<KeyRow> AddProjectKey(Session& session, const AuditBy& by, const Scope& scope,
                             const KeyRow& key);
Result<KeyRow> ChangeProjectKey(Session& session, const AuditBy& by, const Scope& scope,
                                ProjectId project, const std::string& public_key,
                                const KeyChange& change);
Status RemoveProjectKey(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                        const std::string& public_key);

}  // namespace mishap
