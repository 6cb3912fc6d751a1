// Look-ups in a directory snapshot; how it is kept fresh: jobs/directory_refresher.h.
#include "event/project_directory.h"

namespace mishap {

const KeyEntry* DirectorySnapshot::FindKey(std::string_view public_key) const {
  auto it = keys.find(std::string(public_key));
  return it == keys.end() ? nullptr : &it->second;
}

const ProjectEntry* DirectorySnapshot::FindProject(ProjectId id) const {
  auto it = projects.find(id);
  return it == projects.end() ? nullptr : &it->second;
}

const OrganizationEntry* DirectorySnapshot::FindOrganization(OrganizationId id) const {
  auto it = organizations.find(id);
  return it == organizations.end() ? nullptr : &it->second;
}

}  // namespace mishap
