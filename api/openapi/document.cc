#include "api/openapi/document.h"

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>

#include "api/openapi/type_text.h"
#include "api/route_permissions.h"

namespace mishap {
namespace {

namespace json = boost::json;

// A route that exists with and without this prefix is described once, as "GET
// [organizations/{o}/]...".
constexpr std::string_view kOptionalPrefix = "[organizations/{o}/]";

struct Described {
  std::string subject;
  json::object operation;
  bool used = false;
};

class Composer {
 public:
  explicit Composer(const std::vector<ApiDescription>& descriptions)
      : types_([this](std::string_view name) { return type_texts_.contains(std::string(name)); }) {
    for (const auto& description : descriptions) Collect(description);
  }

  OpenApiDocument Compose(const std::vector<Route>& routes) {
    json::object paths;
    for (const auto& route : routes) AddRoute(route, paths);
    for (const auto& [key, described] : operations_) {
      if (!described.used) Problem(described.subject, "describes a route that is not: " + key);
    }
    json::object schemas;
    for (const auto& [name, type] : type_texts_) schemas[name] = types_.Schema(type);
    json::object document = frame_;
    document["tags"] = std::move(tags_);
    document["paths"] = std::move(paths);
    auto& components = document["components"];
    if (!components.is_object()) components = json::object();
    components.get_object()["schemas"] = std::move(schemas);
    for (const auto& text : types_.Problems()) problems_.push_back(text);
    return {json::serialize(document), std::move(problems_)};
  }

 private:
  void Problem(std::string_view subject, const std::string& text) {
    problems_.push_back("api/" + std::string(subject) + "/openapi.json: " + text);
  }

  void Collect(const ApiDescription& description) {
    boost::system::error_code error;
    auto parsed = json::parse({description.text.data(), description.text.size()}, error);
    if (error || !parsed.is_object()) return Problem(description.subject, "is no JSON object");
    for (const auto& member : parsed.get_object()) {
      const std::string_view name(member.key().data(), member.key().size());
      if (name == "about") {
        tags_.push_back({{"name", description.subject}, {"description", member.value()}});
      } else if (name == "frame" && member.value().is_object()) {
        frame_ = member.value().get_object();
      } else if (!member.value().is_object()) {
        Problem(description.subject, std::string(name) + " is no object");
      } else {
        CollectSection(description.subject, name, member.value().get_object());
      }
    }
  }

  void CollectSection(std::string_view subject, std::string_view section,
                      const json::object& members) {
    for (const auto& member : members) {
      const std::string key(member.key().data(), member.key().size());
      bool fresh = false;
      if (section == "operations" && member.value().is_object()) {
        fresh =
            operations_.emplace(key, Described{std::string(subject), member.value().get_object()})
                .second;
      } else if (section == "types") {
        fresh = type_texts_.emplace(key, member.value()).second;
      } else if (section == "path") {
        fresh = path_parameters_.emplace(key, member.value()).second;
      } else if (section == "query") {
        fresh = query_parameters_.emplace(key, member.value()).second;
      } else {
        return Problem(subject, "there is no section '" + std::string(section) +
                                    "': about, operations, types, path, query");
      }
      if (!fresh) Problem(subject, key + " is described already");
    }
  }

  Described* Find(const Route& route) {
    const std::string method(route.method);
    const std::string pattern(route.pattern);
    auto found = operations_.find(method + " " + pattern);
    if (found != operations_.end()) return &found->second;
    const auto prefix = kOptionalPrefix.substr(1, kOptionalPrefix.size() - 2);
    const std::string rest = pattern.starts_with(prefix) ? pattern.substr(prefix.size()) : pattern;
    found = operations_.find(method + " " + std::string(kOptionalPrefix) + rest);
    return found == operations_.end() ? nullptr : &found->second;
  }

  void AddRoute(const Route& route, json::object& paths) {
    auto* described = Find(route);
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    if (described == nullptr) {
      problems_.push_back("no api/*/openapi.json describes " + name);
      return;
    }
    subject_ = described->subject;
    json::object operation = Operation(route, described->operation);
    std::string id(operation["operationId"].as_string());
    if (described->used) id += "ById";  // without organization
    if (id.empty()) Problem(subject_, name + " has no id");
    if (!ids_.insert(id).second) Problem(subject_, "two operations have the id " + id);
    operation["operationId"] = id;
    operation["tags"] = json::array{described->subject};
    described->used = true;
    std::string method;
    for (char c : route.method) method.push_back(static_cast<char>(c | 0x20));
    auto& item = paths["/api/0/" + std::string(route.pattern)];
    if (!item.is_object()) item = json::object();
    item.get_object()[method] = std::move(operation);
  }

  json::object Operation(const Route& route, const json::object& described) {
    json::object out{{"operationId", Text(described, "id")}, {"summary", Text(described, "says")}};
    if (Text(described, "says").empty()) {
      Problem(subject_, std::string(route.pattern) + ": 'says' is missing");
    }
    AddPermissions(route, out);
    json::array parameters;
    AddPathParameters(route, parameters);
    AddQueryParameters(described, parameters);
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (const auto* body = described.if_contains("body")) {
      out["requestBody"] = {
          {"required", true},
          {"content", {{"application/json", {{"schema", types_.Schema(*body)}}}}}};
    }
    out["responses"] = Responses(route, described);
    return out;
  }

  static std::string Text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  }

  static void AddPermissions(const Route& route, json::object& out) {
    const RoutePermissions needed(route.permissions);
    json::array scopes;
    for (auto scope : needed.Alternatives()) scopes.emplace_back(scope);
    out["x-required-scopes"] = std::move(scopes);
    json::array security;
    if (needed.IsOpen()) security.emplace_back(json::object());
    if (!needed.NeedsLogin()) security.push_back(json::object{{"token", json::array()}});
    security.push_back(json::object{{"session", json::array()}});
    out["security"] = std::move(security);
  }

  json::object Parameter(std::string_view name, std::string_view where, const json::value& type) {
    json::object out{{"name", name}, {"in", where}};
    if (where == "path") out["required"] = true;
    auto schema = types_.Schema(type);
    if (schema.is_object() && schema.get_object().contains("description")) {
      out["description"] = schema.get_object()["description"];
      schema.get_object().erase("description");
    }
    out["schema"] = std::move(schema);
    return out;
  }

  void AddPathParameters(const Route& route, json::array& parameters) {
    auto rest = route.pattern;
    for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
      auto close = rest.find('}', open);
      const std::string name(rest.substr(open + 1, close - open - 1));
      auto found = path_parameters_.find(name);
      if (found == path_parameters_.end()) {
        Problem(subject_, "'path' says nothing about {" + name + "}");
      } else {
        parameters.push_back(Parameter(name, "path", found->second));
      }
      rest.remove_prefix(close + 1);
    }
  }

  void AddQueryParameters(const json::object& described, json::array& parameters) {
    json::array names;
    if (const auto* own = described.if_contains("query"); own != nullptr && own->is_array()) {
      names = own->get_array();
    }
    if (described.contains("paged")) {
      for (auto name : {"cursor", "per_page", "limit"}) names.emplace_back(name);
    }
    for (const auto& name : names) AddQueryParameter(name, parameters);
  }

  // A name of the shared vocabulary, or {"name": type} for one of this route's own.
  void AddQueryParameter(const json::value& name, json::array& parameters) {
    if (name.is_object() && name.get_object().size() == 1) {
      const auto& own = *name.get_object().begin();
      parameters.push_back(
          Parameter(std::string_view(own.key().data(), own.key().size()), "query", own.value()));
      return;
    }
    const std::string text = name.is_string() ? std::string(name.get_string()) : std::string();
    auto found = query_parameters_.find(text);
    if (found == query_parameters_.end()) {
      Problem(subject_, "'query' says nothing about " + json::serialize(name));
    } else {
      parameters.push_back(Parameter(text, "query", found->second));
    }
  }

  json::object Responses(const Route& route, const json::object& described) {
    json::object out;
    const auto* answers = described.if_contains("answers");
    if (answers == nullptr || !answers->is_object() || answers->get_object().empty()) {
      Problem(subject_, std::string(route.pattern) + ": 'answers' is missing");
      return out;
    }
    const bool paged = described.contains("paged");
    const auto media = Text(described, "media").empty() ? std::string("application/json")
                                                        : Text(described, "media");
    for (const auto& answer : answers->get_object()) {
      json::object response{{"description", answer.key()}};
      if (!answer.value().is_null()) {
        response["description"] = "done";
        response["content"] = {{media, {{"schema", types_.Schema(answer.value())}}}};
      }
      if (paged) response["headers"] = {{"Link", {{"$ref", "#/components/headers/Link"}}}};
      out[answer.key()] = std::move(response);
    }
    out["default"] = {{"$ref", "#/components/responses/Refused"}};
    return out;
  }

  std::map<std::string, json::value> type_texts_;
  std::map<std::string, json::value> path_parameters_;
  std::map<std::string, json::value> query_parameters_;
  std::map<std::string, Described> operations_;
  TypeReader types_;
  json::object frame_;
  json::array tags_;
  std::set<std::string> ids_;
  std::vector<std::string> problems_;
  std::string subject_;  // of the operation at hand
};

}  // namespace

OpenApiDocument ComposeOpenApi(const std::vector<Route>& routes,
                               const std::vector<ApiDescription>& descriptions) {
  return Composer(descriptions).Compose(routes);
}

const OpenApiDocument& OpenApi() {
  static const OpenApiDocument kDocument = ComposeOpenApi(Routes(), ApiDescriptions());
  return kDocument;
}

}  // namespace mishap
