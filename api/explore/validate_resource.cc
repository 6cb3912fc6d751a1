// /events/validate/: whether /events/ would take a query, and what is wrong with it otherwise
// (web-api 2.12). Each part says for itself.
#include "api/event_page.h"
#include "api/explore/event_field.h"
#include "api/explore/event_set.h"
#include "api/explore/resources.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kNamesMax = 100;

// {"valid", "error"}, with `name` where there is one.
void WriteVerdict(std::string_view name, const Status& verdict, JsonWriter& json) {
  json.BeginObject();
  if (!name.empty()) json.Field("name", name);
  json.Field("valid", verdict.has_value()).Key("error");
  verdict ? json.Null() : json.String(verdict.error().detail);
  json.EndObject();
}

void WriteFieldVerdict(std::string_view name, const Result<EventField>& field, JsonWriter& json) {
  json.BeginObject().Field("name", name).Field("valid", field.has_value()).Key("attrType");
  if (!field) {
    json.Null().Key("error").String(field.error().detail).EndObject();
    return;
  }
  const bool is_number = field->type == "integer" || field->type == "number";
  json.String(is_number ? "number" : field->type == "boolean" ? "boolean" : "string");
  json.Key("error").Null().EndObject();
}

class Validation {
 public:
  Validation(ApiCall& call, const Scope& scope) : call_(call), scope_(scope), json_(body_) {}

  HttpMessageResponse Run() {
    json_.BeginObject().Key("projects").BeginArray();
    auto projects = SelectedProjects(call_, scope_);
    Note(projects.has_value());
    WriteVerdict("", projects ? Status() : Status(Fail(projects.error())), json_);
    json_.EndArray().Key("dataset").BeginArray();
    const auto name = call_.query.GetOr("dataset", "errors");
    auto data_set = DataSetOf(name);
    Note(data_set.has_value());
    WriteVerdict(name, data_set ? Status() : Status(Fail(data_set.error())), json_);
    json_.EndArray().Key("environment").BeginArray();
    for (const auto& environment : Environments(call_)) {
      if (!environment.empty()) WriteVerdict(environment, {}, json_);
    }
    json_.EndArray();
    is_kept_ = data_set && data_set->is_kept;
    Fields();
    Query(projects ? *projects : std::vector<ProjectRow>());
    Orders();
    json_.Field("valid", valid_).EndObject();
    return RespondJson(valid_ ? 200 : 400, std::move(body_));
  }

 private:
  void Note(bool valid) { valid_ = valid_ && valid; }

  void Fields() {
    json_.Key("field").BeginArray();
    std::size_t count = 0;
    for (const auto& name : call_.query.All("field")) {
      if (name.empty() || ++count > kNamesMax) continue;
      auto field = is_kept_ ? ParseEventField(name) : Unkept(name);
      Note(field.has_value());
      WriteFieldVerdict(name, field, json_);
      if (field) fields_.push_back(std::move(*field));
    }
    json_.EndArray();
  }

  void Query(const std::vector<ProjectRow>& projects) {
    json_.Key("query").BeginObject();
    Status verdict;
    if (is_kept_) {
      auto search = EventSearch(call_, projects, scope_);
      if (!search) verdict = Fail(search.error());
    }
    Note(verdict.has_value());
    json_.Field("valid", verdict.has_value()).Key("error");
    verdict ? json_.Null() : json_.String(verdict.error().detail);
    json_.Key("fields").BeginArray().EndArray().EndObject();
  }

  void Orders() {
    json_.Key("orderby").BeginArray();
    for (const auto& name : call_.query.All("orderby")) {
      if (name.empty()) continue;
      auto bare = name.starts_with('-') ? name.substr(1) : name;
      auto order = is_kept_ && bare != "timestamp"
                       ? ParseEventOrder(name, fields_)
                       : Result<std::optional<EventOrder>>(std::optional<EventOrder>());
      auto field = !order               ? Result<EventField>(Fail(order.error()))
                   : order->has_value() ? Result<EventField>(fields_[(*order)->field])
                                        : Unkept(name);
      Note(field.has_value());
      WriteFieldVerdict(name, field, json_);
    }
    json_.EndArray();
  }

  // Of a data set that is empty any name will do.
  static Result<EventField> Unkept(const std::string& name) {
    EventField out;
    out.text = name;
    out.type = "string";
    return out;
  }

  ApiCall& call_;
  const Scope& scope_;
  std::string body_;
  JsonWriter json_;
  bool valid_ = true;
  bool is_kept_ = false;
  std::vector<EventField> fields_;
};

}  // namespace

Answer ValidateEventQuery(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  return Validation(call, *scope).Run();
}

}  // namespace mishap
