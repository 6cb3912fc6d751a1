// The settings of a project between the API's fields and what is stored in
// control.project.settings: one table says which field is which key, of what kind and within what
// bounds (web-api 2.1, 2.13). No database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/json_writer.h"
#include "net/http.h"
#include "storage/project/project_change.h"

namespace mishap {

// The fields of a project detail that are settings, inside an object. settings_json: as stored; a
// key of the wrong type counts as absent.
void WriteProjectSettings(std::string_view settings_json, JsonWriter& json);

// A PUT on a project. On failure the 400 answer, naming the field.
tl::expected<ProjectChange, HttpMessageResponse> ParseProjectChange(std::string_view body);

struct NewProjectBody {
  std::string name;
  std::string slug;  // made from the name where the body has none
  std::string platform;
};
tl::expected<NewProjectBody, HttpMessageResponse> ParseNewProject(std::string_view body);

// "My Shop!" -> "my-shop"; empty if nothing of the name can be kept.
std::string SlugOfName(std::string_view name);

}  // namespace mishap
