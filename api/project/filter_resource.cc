// Inbound filters of a project, switched on and off (web-api 2.13). What each does: docs/limits.md.
#include <algorithm>
#include <boost/json.hpp>

#include "api/json_body.h"
#include "api/project/resources.h"
#include "base/json_writer.h"
#include "storage/project/project_change.h"

namespace mishap {
namespace {

constexpr std::string_view kLegacyBrowsers = "legacy-browsers";
constexpr std::string_view kFilters[] = {"browser-extensions", "localhost", "web-crawlers",
                                         kLegacyBrowsers, "invalid-csp"};
constexpr std::string_view kBrowsers[] = {"ie_pre_9",      "ie9",          "ie10",
                                          "ie11",          "opera_pre_15", "opera_mini_pre_8",
                                          "android_pre_4", "safari_pre_6"};

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// The names that are on, as stored.
std::vector<std::string> FiltersOf(const std::string& settings_json) {
  std::vector<std::string> out;
  boost::system::error_code error;
  auto settings = boost::json::parse(settings_json, error);
  if (error || !settings.is_object()) return out;
  const auto* filters = settings.get_object().if_contains("filters");
  if (!filters || !filters->is_array()) return out;
  for (const auto& name : filters->get_array()) {
    if (name.is_string()) out.emplace_back(name.get_string().data(), name.get_string().size());
  }
  return out;
}

void WriteFilter(std::string_view name, const std::vector<std::string>& on, JsonWriter& json) {
  const bool active = std::find(on.begin(), on.end(), name) != on.end();
  json.BeginObject().Field("id", name).Key("active");
  std::vector<std::string> browsers;
  for (const auto& filter : on) {
    if (name == kLegacyBrowsers && IsOneOf(filter, kBrowsers)) browsers.push_back(filter);
  }
  if (browsers.empty()) {
    json.Bool(active);
  } else {
    json.BeginArray();
    for (const auto& browser : browsers) json.String(browser);
    json.EndArray();
  }
  json.EndObject();
}

// {"active":bool}, or for legacy browsers {"subfilters":["ie9"]}: which of the names in `on` are
// on after it.
void Apply(JsonBody& body, std::string_view name, std::vector<std::string>& on) {
  auto active = body.Bool("active");
  auto browsers = body.Texts("subfilters", std::size(kBrowsers), 32);
  if (!active && !browsers) body.Refuse("active", "This field is required.");
  if (browsers && name != kLegacyBrowsers) {
    body.Refuse("subfilters", "Only legacy-browsers has subfilters.");
  }
  if (body.Problem()) return;
  std::erase(on, name);
  if (name == kLegacyBrowsers) {
    std::erase_if(on, [](const std::string& filter) { return IsOneOf(filter, kBrowsers); });
  }
  if (active && *active) on.emplace_back(name);
  if (!browsers) return;
  for (const auto& browser : *browsers) {
    if (!IsOneOf(browser, kBrowsers)) body.Refuse("subfilters", "No such browser: " + browser);
    on.push_back(browser);
  }
}

std::string SettingsWith(const std::vector<std::string>& on) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Key("filters").BeginArray();
  for (const auto& name : on) json.String(name);
  json.EndArray().EndObject();
  return out;
}

}  // namespace

Answer ListFilters(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto settings = ReadSettingsJson(call.session, found->scope, found->project.id);
  if (!settings) return Fail(settings.error());
  const auto on = FiltersOf(*settings);
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto name : kFilters) WriteFilter(name, on, json);
  json.EndArray();
  return RespondJson(200, std::move(body));
}

Answer PutFilter(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  const auto& name = call.path.Get("filter");
  if (!IsOneOf(name, kFilters)) return NotFound();
  auto settings = ReadSettingsJson(call.session, found->scope, found->project.id);
  if (!settings) return Fail(settings.error());
  auto on = FiltersOf(*settings);
  JsonBody body(call.request.body);
  Apply(body, name, on);
  if (body.Problem()) return *body.Problem();
  ProjectChange change;
  change.settings_json = SettingsWith(on);
  auto changed =
      ChangeProject(call.session, AuditByOf(call), found->scope, found->project.id, change);
  if (!changed) return Fail(changed.error());
  return RespondEmpty(204);
}

}  // namespace mishap
