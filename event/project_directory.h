// Port: who may send what. Ingest asks an immutable snapshot of all projects and keys;
// jobs/directory keeps it fresh from the database and from a file, so that ingest needs no database
// (decisions 1.13).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "event/project_grouping.h"
#include "event/quota.h"

namespace mishap {

struct KeyEntry {
  KeyId id;
  ProjectId project;
  std::string public_key;
  bool active = true;
  std::int64_t rate_limit_count = 0;     // events per window; 0 = unlimited
  std::int64_t rate_limit_window_s = 0;  // seconds
};

struct ProjectEntry {
  ProjectId id;
  OrganizationId organization;
  std::string slug;
  bool active = true;
  std::vector<std::string> allowed_origins;  // empty or "*" = any
  bool scrub_data = true;                    // default rules on
  bool scrub_ip_addresses = false;
  std::vector<std::string> sensitive_fields;
  std::vector<std::string> safe_fields;
  // Inbound filters (docs/limits.md): names of those that are on, globs, addresses and CIDR blocks.
  std::vector<std::string> filters;
  std::vector<std::string> filtered_releases;
  std::vector<std::string> filtered_messages;
  std::vector<std::string> filtered_addresses;
  ProjectGrouping grouping;
  // Admission (event/quota.h, docs/limits.md).
  std::vector<Quota> quotas;
  bool spike_protection = false;
  std::vector<SpikeThreshold> spike_thresholds;  // by the job; none yet: nothing is a spike
};

struct OrganizationEntry {
  OrganizationId id;
  std::vector<Quota> quotas;
  bool spike_protection = false;  // of all its projects
};

struct DirectorySnapshot {
  std::int64_t version = 0;                        // control.directory_version
  std::unordered_map<std::string, KeyEntry> keys;  // by public key
  std::unordered_map<ProjectId, ProjectEntry> projects;
  std::unordered_map<OrganizationId, OrganizationEntry> organizations;
  std::int64_t live_servers = 1;  // that take events from these projects; each counts its share

  const KeyEntry* FindKey(std::string_view public_key) const;
  const ProjectEntry* FindProject(ProjectId id) const;
  const OrganizationEntry* FindOrganization(OrganizationId id) const;
};

class ProjectDirectory {
 public:
  virtual ~ProjectDirectory() = default;
  // Never null; an empty snapshot before anything is known.
  virtual std::shared_ptr<const DirectorySnapshot> Current() const = 0;
  // False while the database cannot be asked: an unknown key is then 503, never 403
  // (decisions 1.13).
  virtual bool IsAuthoritative() const = 0;
};

}  // namespace mishap
