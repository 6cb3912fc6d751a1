#include "api/openapi/type_text.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/bytes.h"

namespace mishap {
namespace {

namespace json = boost::json;

// At '|' outside brackets and quotes.
std::vector<std::string_view> Alternatives(std::string_view text) {
  std::vector<std::string_view> out;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c != '|' || depth > 0) continue;
    out.push_back(TrimAscii(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  out.push_back(TrimAscii(text.substr(begin)));
  return out;
}

json::value Plain(std::string_view name) {
  if (name == "string") return {{"type", "string"}};
  if (name == "int") return {{"type", "integer"}};
  if (name == "number") return {{"type", "number"}};
  if (name == "bool") return {{"type", "boolean"}};
  if (name == "null") return {{"type", "null"}};
  if (name == "object") return {{"type", "object"}};
  if (name == "any") return json::object();
  if (name == "id") return {{"type", "string"}, {"pattern", "^[0-9]+$"}};
  if (name == "hex") return {{"type", "string"}, {"pattern", "^[0-9a-f]{32}$"}};
  if (name == "time") return {{"type", "string"}, {"format", "date-time"}};
  if (name == "binary") return {{"type", "string"}, {"format", "binary"}};
  return nullptr;
}

bool IsLiteral(std::string_view text) {
  return text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
}

}  // namespace

json::value TypeReader::Atom(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    return {{"type", "array"}, {"items", OfText(text.substr(1, text.size() - 2))}};
  }
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    return {{"type", "object"}, {"additionalProperties", OfText(text.substr(1, text.size() - 2))}};
  }
  if (auto plain = Plain(text); !plain.is_null()) return plain;
  if (!is_type_(text)) problems_.push_back("no type is called '" + std::string(text) + "'");
  return {{"$ref", "#/components/schemas/" + std::string(text)}};
}

json::value TypeReader::Union(const std::vector<std::string_view>& alternatives) {
  json::array literals;
  json::array others;
  bool null = false;
  for (auto alternative : alternatives) {
    if (alternative == "null") {
      null = true;
    } else if (IsLiteral(alternative)) {
      literals.emplace_back(alternative.substr(1, alternative.size() - 2));
    } else {
      others.push_back(Atom(alternative));
    }
  }
  if (others.empty()) {
    if (null) literals.emplace_back(nullptr);
    return {{"enum", std::move(literals)}};
  }
  if (!literals.empty()) others.push_back(json::object{{"enum", std::move(literals)}});
  if (null) others.push_back(json::object{{"type", "null"}});
  if (others.size() == 1) return std::move(others[0]);
  return {{"anyOf", std::move(others)}};
}

json::value TypeReader::OfText(std::string_view text) {
  return Union(Alternatives(text));
}

json::value TypeReader::OfFields(const json::object& fields) {
  json::object properties;
  json::array required;
  json::array parents;
  for (const auto& field : fields) {
    std::string_view name(field.key().data(), field.key().size());
    if (name == "...") {
      parents.push_back(Schema(field.value()));
      continue;
    }
    const bool optional = name.ends_with('?');
    if (optional) name.remove_suffix(1);
    if (!optional) required.emplace_back(name);
    properties[name] = Schema(field.value());
  }
  json::object own{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) own["required"] = std::move(required);
  if (parents.empty()) return own;
  parents.push_back(std::move(own));
  return {{"allOf", std::move(parents)}};
}

json::value TypeReader::Schema(const json::value& type) {
  if (type.is_string()) return OfText(std::string_view(type.get_string()));
  if (type.is_object()) return OfFields(type.get_object());
  if (type.is_array() && type.get_array().size() == 2 && type.get_array()[1].is_string()) {
    auto schema = Schema(type.get_array()[0]);
    schema.as_object()["description"] = type.get_array()[1];
    return schema;
  }
  problems_.push_back("not a type: " + json::serialize(type));
  return json::object();
}

}  // namespace mishap
