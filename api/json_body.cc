#include "api/json_body.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/query_params.h"
#include "api/respond.h"
#include "api/time_window.h"
#include "base/bytes.h"

namespace mishap {
namespace {

namespace json = boost::json;

constexpr std::string_view kNoText = "Not a valid string.";

std::string_view View(const json::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

JsonBody::JsonBody(std::string_view text) : problem_(&own_problem_) {
  owned_ = std::make_unique<json::value>(json::object());
  if (!TrimAscii(text).empty()) {
    boost::system::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !value.is_object()) {
      own_problem_ = RespondDetail(400, "JSON parse error: the body must be an object.");
    } else {
      *owned_ = std::move(value);
    }
  }
  object_ = &owned_->get_object();
}

JsonBody::JsonBody(const json::object& object, std::string field,
                   std::optional<HttpMessageResponse>* problem)
    : object_(&object), field_(std::move(field)), problem_(problem) {}

JsonBody::~JsonBody() = default;

JsonBody::JsonBody(JsonBody&& other) noexcept
    : owned_(std::move(other.owned_)),
      object_(other.object_),
      field_(std::move(other.field_)),
      own_problem_(std::move(other.own_problem_)),
      problem_(other.problem_ == &other.own_problem_ ? &own_problem_ : other.problem_) {}

void JsonBody::Refuse(std::string_view name, std::string_view message) {
  if (*problem_) return;
  if (field_.empty()) {
    *problem_ = RespondFieldError({name}, message);
  } else {
    *problem_ = RespondFieldError({field_}, fmt::format("{}: {}", name, message));
  }
}

bool JsonBody::Has(std::string_view name) const {
  return object_->contains(json::string_view(name.data(), name.size()));
}

bool JsonBody::IsNull(std::string_view name) const {
  return Has(name) && Find(name) == nullptr;
}

std::vector<std::string> JsonBody::Names() const {
  std::vector<std::string> out;
  out.reserve(object_->size());
  for (const auto& field : *object_) out.emplace_back(field.key().data(), field.key().size());
  return out;
}

const json::value* JsonBody::Find(std::string_view name) const {
  const auto* value = object_->if_contains(json::string_view(name.data(), name.size()));
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> JsonBody::Text(std::string_view name, std::size_t bytes_max) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  if (!value->is_string() || !IsStorableText(View(value->get_string()))) {
    Refuse(name, kNoText);
    return std::nullopt;
  }
  auto text = View(value->get_string());
  if (text.size() > bytes_max) {
    Refuse(name, fmt::format("Ensure this field has no more than {} characters.", bytes_max));
    return std::nullopt;
  }
  return std::string(text);
}

std::string JsonBody::RequiredText(std::string_view name, std::size_t bytes_max) {
  auto text = Text(name, bytes_max);
  if (!text || TrimAscii(*text).empty()) {
    Refuse(name, "This field is required.");
    return {};
  }
  return std::string(TrimAscii(*text));
}

std::optional<bool> JsonBody::Bool(std::string_view name) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  Refuse(name, "Must be a valid boolean.");
  return std::nullopt;
}

std::optional<std::int64_t> JsonBody::Int(std::string_view name, std::int64_t min,
                                          std::int64_t max) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  if (!value->is_int64() || value->get_int64() < min || value->get_int64() > max) {
    Refuse(name, fmt::format("Must be an integer from {} to {}.", min, max));
    return std::nullopt;
  }
  return value->get_int64();
}

std::optional<Timestamp> JsonBody::Time(std::string_view name) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  std::optional<Timestamp> time;
  if (value->is_string()) time = ParseInstant(View(value->get_string()));
  if (value->is_int64()) time = TimestampFromSeconds(static_cast<double>(value->get_int64()));
  if (!time) Refuse(name, "Not a time: expected ISO 8601, as 2026-05-01T10:00:00Z.");
  return time;
}

std::optional<std::vector<std::string>> JsonBody::Texts(std::string_view name,
                                                        std::size_t count_max,
                                                        std::size_t bytes_max) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  if (!value->is_array()) {
    Refuse(name, "Expected a list of items.");
    return std::nullopt;
  }
  const auto& items = value->get_array();
  if (items.size() > count_max) {
    Refuse(name, fmt::format("Ensure this field has no more than {} items.", count_max));
    return std::nullopt;
  }
  std::vector<std::string> out;
  out.reserve(items.size());
  for (const auto& item : items) {
    if (item.is_int64()) {
      out.push_back(std::to_string(item.get_int64()));
    } else if (item.is_string() && item.get_string().size() <= bytes_max &&
               IsStorableText(View(item.get_string()))) {
      out.emplace_back(View(item.get_string()));
    } else {
      Refuse(name, kNoText);
      return std::nullopt;
    }
  }
  return out;
}

bool JsonBody::Object(std::string_view name, const std::function<void(JsonBody& object)>& read) {
  const auto* value = Find(name);
  if (!value) return false;
  if (!value->is_object()) {
    Refuse(name, "Expected an object.");
    return true;
  }
  JsonBody fields(value->get_object(), std::string(name), problem_);
  read(fields);
  return true;
}

std::optional<std::string> JsonBody::ObjectText(std::string_view name, std::size_t bytes_max) {
  const auto* value = Find(name);
  if (!value) return std::nullopt;
  auto text = std::string(json::serialize(*value));
  if (!value->is_object() || text.size() > bytes_max || text.find("\\u0000") != std::string::npos) {
    Refuse(name, fmt::format("Expected an object of at most {} bytes.", bytes_max));
    return std::nullopt;
  }
  return text;
}

bool JsonBody::Objects(std::string_view name, std::size_t count_max,
                       const std::function<void(JsonBody& item)>& read) {
  const auto* value = Find(name);
  if (!value) return false;
  if (!value->is_array()) {
    Refuse(name, "Expected a list of items.");
    return true;
  }
  if (value->get_array().size() > count_max) {
    Refuse(name, fmt::format("Ensure this field has no more than {} items.", count_max));
    return true;
  }
  for (const auto& item : value->get_array()) {
    if (!item.is_object()) {
      Refuse(name, "Expected a list of objects.");
      return true;
    }
    JsonBody fields(item.get_object(), std::string(name), problem_);
    read(fields);
  }
  return true;
}

}  // namespace mishap
