// The JSON of jobs/directory_file.h: {"format":1,"version":7,"keys":[{..}],"projects":[{..}]}.
#include <simdjson.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "jobs/directory_file.h"

namespace mishap {
namespace {

using simdjson::dom::element;

constexpr std::int64_t kFormat = 1;

void WriteTexts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.Key(name).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

void WriteKey(JsonWriter& json, const KeyEntry& key) {
  json.BeginObject()
      .Field("id", key.id.value)
      .Field("project", key.project.value)
      .Field("public_key", key.public_key)
      .Field("active", key.active)
      .Field("rate_limit_count", key.rate_limit_count)
      .Field("rate_limit_window_s", key.rate_limit_window_s)
      .EndObject();
}

void WriteSetup(JsonWriter& json, std::string_view name, const GroupingSetup& setup) {
  json.Key(name)
      .BeginObject()
      .Field("version", std::int64_t{setup.version})
      .Field("algorithm", setup.algorithm)
      .Field("stack_trace_rules", setup.stack_trace_rules)
      .Field("fingerprint_rules", setup.fingerprint_rules)
      .Field("options", setup.options)
      .EndObject();
}

// Left out while nobody has changed it, as with most projects.
void WriteGrouping(JsonWriter& json, const ProjectGrouping& grouping) {
  if (grouping == ProjectGrouping{}) return;
  json.Key("grouping").BeginObject();
  WriteSetup(json, "current", grouping.current);
  if (grouping.previous) WriteSetup(json, "previous", *grouping.previous);
  json.Field("transition_until", grouping.transition_until.micros).EndObject();
}

void WriteProject(JsonWriter& json, const ProjectEntry& project) {
  json.BeginObject()
      .Field("id", project.id.value)
      .Field("organization", project.organization.value)
      .Field("slug", project.slug)
      .Field("active", project.active)
      .Field("scrub_data", project.scrub_data)
      .Field("scrub_ip_addresses", project.scrub_ip_addresses);
  WriteTexts(json, "allowed_origins", project.allowed_origins);
  WriteTexts(json, "sensitive_fields", project.sensitive_fields);
  WriteTexts(json, "safe_fields", project.safe_fields);
  WriteTexts(json, "filters", project.filters);
  WriteTexts(json, "filtered_releases", project.filtered_releases);
  WriteTexts(json, "filtered_messages", project.filtered_messages);
  WriteTexts(json, "filtered_addresses", project.filtered_addresses);
  WriteGrouping(json, project.grouping);
  json.Field("quotas", WriteQuotas(project.quotas))
      .Field("spike_protection", project.spike_protection);
  json.Key("spike_thresholds").BeginArray();
  for (const SpikeThreshold& spike : project.spike_thresholds) {
    json.BeginObject().Field("category", CategoryName(spike.category));
    json.Field("per_hour", spike.per_hour).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteOrganization(JsonWriter& json, const OrganizationEntry& organization) {
  json.BeginObject()
      .Field("id", organization.id.value)
      .Field("quotas", WriteQuotas(organization.quotas))
      .Field("spike_protection", organization.spike_protection)
      .EndObject();
}

// Reads fields of one object; remembers whether all were there and of the right type.
class Fields {
 public:
  explicit Fields(const element& object) : object_(object) {}

  void Number(const char* name, std::int64_t& out) { Note(object_[name].get(out)); }
  void Flag(const char* name, bool& out) { Note(object_[name].get(out)); }
  void Text(const char* name, std::string& out) {
    std::string_view text;
    Note(object_[name].get(text));
    out = text;
  }
  void Texts(const char* name, std::vector<std::string>& out) {
    simdjson::dom::array array;
    if (!Note(object_[name].get(array))) return;
    for (element item : array) {
      std::string_view text;
      if (Note(item.get(text))) out.emplace_back(text);
    }
  }
  // A file of an older version does not have it.
  void OptionalTexts(const char* name, std::vector<std::string>& out) {
    if (object_[name].error() != simdjson::NO_SUCH_FIELD) Texts(name, out);
  }
  void OptionalFlag(const char* name, bool& out) {
    if (object_[name].error() != simdjson::NO_SUCH_FIELD) Flag(name, out);
  }
  void OptionalQuotas(const char* name, std::vector<Quota>& out) {
    if (object_[name].error() == simdjson::NO_SUCH_FIELD) return;
    std::string text;
    Text(name, text);
    out = ParseQuotas(text, "quota");
  }
  bool Ok() const { return ok_; }

 private:
  bool Note(simdjson::error_code code) {
    if (code != simdjson::SUCCESS) ok_ = false;
    return code == simdjson::SUCCESS;
  }

  const element& object_;
  bool ok_ = true;
};

bool ReadKey(const element& object, DirectorySnapshot& out) {
  KeyEntry key;
  Fields fields(object);
  fields.Number("id", key.id.value);
  fields.Number("project", key.project.value);
  fields.Text("public_key", key.public_key);
  fields.Flag("active", key.active);
  fields.Number("rate_limit_count", key.rate_limit_count);
  fields.Number("rate_limit_window_s", key.rate_limit_window_s);
  if (!fields.Ok()) return false;
  std::string name = key.public_key;
  out.keys.emplace(std::move(name), std::move(key));
  return true;
}

bool ReadSetup(const element& object, GroupingSetup& out) {
  Fields fields(object);
  std::int64_t version = 0;
  fields.Number("version", version);
  fields.Text("algorithm", out.algorithm);
  fields.Text("stack_trace_rules", out.stack_trace_rules);
  fields.Text("fingerprint_rules", out.fingerprint_rules);
  fields.Text("options", out.options);
  out.version = static_cast<std::int32_t>(version);
  return fields.Ok();
}

bool ReadGrouping(const element& object, ProjectGrouping& out) {
  element part;
  if (object["current"].get(part) != simdjson::SUCCESS || !ReadSetup(part, out.current)) {
    return false;
  }
  if (object["previous"].get(part) == simdjson::SUCCESS) {
    if (!ReadSetup(part, out.previous.emplace())) return false;
  }
  return object["transition_until"].get(out.transition_until.micros) == simdjson::SUCCESS;
}

bool ReadSpikes(const element& project, std::vector<SpikeThreshold>& out) {
  simdjson::dom::array list;
  if (project["spike_thresholds"].get(list) != simdjson::SUCCESS) return true;
  for (element item : list) {
    Fields fields(item);
    std::string name;
    SpikeThreshold spike;
    fields.Text("category", name);
    fields.Number("per_hour", spike.per_hour);
    auto category = CategoryNamed(name);
    if (!fields.Ok() || !category) return false;
    spike.category = *category;
    out.push_back(spike);
  }
  return true;
}

bool ReadOrganization(const element& object, DirectorySnapshot& out) {
  OrganizationEntry organization;
  Fields fields(object);
  fields.Number("id", organization.id.value);
  fields.OptionalQuotas("quotas", organization.quotas);
  fields.OptionalFlag("spike_protection", organization.spike_protection);
  if (!fields.Ok()) return false;
  out.organizations.emplace(organization.id, std::move(organization));
  return true;
}

bool ReadProject(const element& object, DirectorySnapshot& out) {
  ProjectEntry project;
  Fields fields(object);
  fields.Number("id", project.id.value);
  fields.Number("organization", project.organization.value);
  fields.Text("slug", project.slug);
  fields.Flag("active", project.active);
  fields.Flag("scrub_data", project.scrub_data);
  fields.Flag("scrub_ip_addresses", project.scrub_ip_addresses);
  fields.Texts("allowed_origins", project.allowed_origins);
  fields.Texts("sensitive_fields", project.sensitive_fields);
  fields.Texts("safe_fields", project.safe_fields);
  fields.OptionalTexts("filters", project.filters);
  fields.OptionalTexts("filtered_releases", project.filtered_releases);
  fields.OptionalTexts("filtered_messages", project.filtered_messages);
  fields.OptionalTexts("filtered_addresses", project.filtered_addresses);
  element grouping;
  if (object["grouping"].get(grouping) == simdjson::SUCCESS &&
      !ReadGrouping(grouping, project.grouping)) {
    return false;
  }
  fields.OptionalQuotas("quotas", project.quotas);
  fields.OptionalFlag("spike_protection", project.spike_protection);
  if (!fields.Ok() || !ReadSpikes(object, project.spike_thresholds)) return false;
  out.projects.emplace(project.id, std::move(project));
  return true;
}

template <class Read>
bool ReadAll(const element& root, const char* name, Read read) {
  simdjson::dom::array array;
  if (root[name].get(array) != simdjson::SUCCESS) return false;
  for (element item : array) {
    if (!read(item)) return false;
  }
  return true;
}

template <class Map>
auto Sorted(const Map& map) {
  std::vector<std::pair<typename Map::key_type, const typename Map::mapped_type*>> out;
  out.reserve(map.size());
  for (const auto& [key, value] : map) out.emplace_back(key, &value);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string WriteDirectoryJson(const DirectorySnapshot& snapshot) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject().Field("format", kFormat).Field("version", snapshot.version);
  json.Key("keys").BeginArray();
  for (const auto& entry : Sorted(snapshot.keys)) WriteKey(json, *entry.second);
  json.EndArray().Key("projects").BeginArray();
  for (const auto& entry : Sorted(snapshot.projects)) WriteProject(json, *entry.second);
  json.EndArray().Key("organizations").BeginArray();
  for (const auto& entry : Sorted(snapshot.organizations)) {
    WriteOrganization(json, *entry.second);
  }
  json.EndArray().Field("live_servers", snapshot.live_servers).EndObject();
  return text;
}

Result<DirectorySnapshot> ParseDirectoryJson(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  if (auto error = parser.parse(text.data(), text.size()).get(root)) {
    return Fail(Reason::kInvalidJson, simdjson::error_message(error));
  }
  std::int64_t format = 0;
  if (root["format"].get(format) != simdjson::SUCCESS || format != kFormat) {
    return Fail(Reason::kInvalidJson, "format is not " + std::to_string(kFormat));
  }
  DirectorySnapshot out;
  if (root["version"].get(out.version) != simdjson::SUCCESS) {
    return Fail(Reason::kInvalidJson, "version is missing");
  }
  if (!ReadAll(root, "keys", [&](const element& item) { return ReadKey(item, out); })) {
    return Fail(Reason::kInvalidJson, "keys: a field is missing or of the wrong type");
  }
  if (!ReadAll(root, "projects", [&](const element& item) { return ReadProject(item, out); })) {
    return Fail(Reason::kInvalidJson, "projects: a field is missing or of the wrong type");
  }
  // A file of an older version has neither of these.
  const bool has_organizations = root["organizations"].error() == simdjson::SUCCESS;
  if (has_organizations && !ReadAll(root, "organizations", [&](const element& item) {
        return ReadOrganization(item, out);
      })) {
    return Fail(Reason::kInvalidJson, "organizations: a field is missing or of the wrong type");
  }
  if (root["live_servers"].get(out.live_servers) != simdjson::SUCCESS) out.live_servers = 1;
  return out;
}

}  // namespace mishap
