// Organizations, projects, keys and people as the API shows them (web-api 2.1). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "storage/read_caller.h"
#include "storage/read_projects.h"

namespace mishap {

// public_url: without a trailing slash.
void WriteOrganizationFields(const OrganizationRow& organization, const std::string& public_url,
                             JsonWriter& json);  // inside an object
void WriteProjectFields(const ProjectRow& project, JsonWriter& json);
void WriteProject(const ProjectRow& project, JsonWriter& json);
void WriteKey(const KeyRow& key, const std::string& public_url, JsonWriter& json);
void WriteUser(const UserRow& user, JsonWriter& json);
// User or null from the few columns an activity joins.
void WriteActor(std::optional<std::int64_t> id, const std::string& name, const std::string& email,
                JsonWriter& json);
void WriteTextArray(const std::vector<std::string>& values, JsonWriter& json);

}  // namespace mishap
