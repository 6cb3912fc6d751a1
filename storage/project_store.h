// Projects (schema control). Every change raises control.directory_version in the same transaction,
// so that ingest sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct Project {
  ProjectId id;
  OrganizationId organization;
  std::string slug;
  std::string name;
  std::string platform;  // empty: not set
  bool active = true;
  // {"allowed_origins":[..],"scrub_data":bool,"scrub_ip_addresses":bool,"sensitive_fields":[..],"safe_fields":[..],
  //  "filters":[..],"filtered_releases":[..],"filtered_messages":[..],"filtered_addresses":[..],
  //  "retention_days":n}; what is absent has its default (event/project_directory.h).
  std::string settings_json;
  Timestamp created_at;
  std::optional<Timestamp> first_event_at;
};

// Errors: invalid_argument (slug), conflict (slug taken in this organization).
Result<Project> CreateProject(Session& session, OrganizationId organization, std::string_view slug,
                              std::string_view name, std::string_view platform);
Result<std::vector<Project>> ListProjects(Session& session,
                                          OrganizationId organization);  // by slug
// By slug or all-digit id, within one organization. Errors: not_found.
Result<Project> FindProject(Session& session, OrganizationId organization,
                            std::string_view slug_or_id);
// settings_json: an object; its keys replace those stored, others stay. Errors: not_found,
// invalid_argument.
Status ChangeProjectSettings(Session& session, ProjectId project, std::string_view settings_json);
// An inactive project takes no events. Errors: not_found.
Status SetProjectActive(Session& session, ProjectId project, bool active);

}  // namespace mishap
