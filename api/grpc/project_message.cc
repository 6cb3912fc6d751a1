// Projects and their settings as messages. The settings are read from what HTTP shows of them, so
// that defaults and kinds stand in one table (api/project/project_settings.cc).
#include <boost/json.hpp>

#include "api/grpc/resource_message.h"
#include "api/grpc/resource_name.h"
#include "api/grpc/rpc_call.h"
#include "api/project/project_settings.h"

namespace mishap {
namespace {

namespace bj = boost::json;

std::string_view TextOf(const bj::string& text) {
  return {text.data(), text.size()};
}

void WriteSetting(const ProtoFieldType& field, const bj::value& value, MessageWriter& out) {
  if (field.name.ends_with("_json")) {
    out.Text(field.name, std::string(bj::serialize(value)));
  } else if (value.is_string() && field.is_optional) {
    out.Present(field.name, TextOf(value.get_string()));
  } else if (value.is_string()) {
    out.Text(field.name, TextOf(value.get_string()));
  } else if (value.is_int64() && field.is_optional) {
    out.Present(field.name, value.get_int64());
  } else if (value.is_int64()) {
    out.Int(field.name, value.get_int64());
  } else if (value.is_bool()) {
    out.Bool(field.name, value.get_bool());
  } else if (value.is_array()) {
    for (const auto& item : value.get_array()) {
      if (item.is_string()) out.Message(field.name, TextOf(item.get_string()));
    }
  }
}

std::string Settings(const ProtoMessageType& type, const std::string& stored) {
  std::string shown;
  JsonWriter json(shown);
  json.BeginObject();
  WriteProjectSettings(stored, json);
  json.EndObject();
  boost::system::error_code error;
  const auto all = bj::parse(shown, error);
  std::string bytes;
  if (error || !all.is_object()) return bytes;
  MessageWriter out(type, bytes);
  for (const auto& field : type.fields) {
    const auto* value = all.get_object().if_contains(field.json_name);
    if (value) WriteSetting(field, *value, out);
  }
  return bytes;
}

}  // namespace

std::string ProjectMessage(const ProjectRow& project, std::string_view organization,
                           const std::optional<std::string>& settings_json) {
  static const auto& type = ContractType("mishap.v1.Project");
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("name", ProjectName(organization, project.slug)).Int("id", project.id.value);
  out.Text("slug", project.slug).Text("display_name", project.name);
  out.Text("platform", project.platform).Time("date_created", project.created_at);
  out.Time("first_event", project.first_event_at).Texts("environments", project.environments);
  out.Text("latest_release", project.latest_release);
  for (const auto& team : project.teams) out.Message("teams", team.slug);
  if (settings_json) {
    out.Message("settings", Settings(out.TypeOf("settings"), *settings_json));
  }
  return bytes;
}

}  // namespace mishap
