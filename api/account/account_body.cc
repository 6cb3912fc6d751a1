#include "api/account/account_body.h"

#include <boost/json.hpp>

#include "api/query_params.h"
#include "api/respond.h"
#include "base/bytes.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

namespace json = boost::json;

constexpr std::string_view kRequired = "This field is required.";
constexpr std::string_view kNoText = "Not a valid string.";

}  // namespace

AccountBody::AccountBody(std::string_view text)
    : root_(std::make_unique<json::value>(json::object())) {
  if (TrimAscii(text).empty()) return;
  boost::system::error_code error;
  auto parsed = json::parse({text.data(), text.size()}, error);
  unreadable_ = error || !parsed.is_object();
  if (!unreadable_) *root_ = std::move(parsed);
}

AccountBody::~AccountBody() = default;

const json::value* AccountBody::Find(std::string_view name) const {
  return root_->get_object().if_contains({name.data(), name.size()});
}

bool AccountBody::Has(std::string_view name) const {
  return Find(name) != nullptr;
}

std::optional<std::string> AccountBody::Secret(std::string_view name, std::size_t bytes_max) {
  const auto* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_string()) {
    Refuse(name, std::string(kNoText));
    return std::nullopt;
  }
  std::string text(value->get_string().data(), value->get_string().size());
  if (!IsStorableText(text)) {
    Refuse(name, std::string(kNoText));
    return std::nullopt;
  }
  if (text.size() > bytes_max) {
    Refuse(name, "Ensure this field has no more than " + std::to_string(bytes_max) + " bytes.");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> AccountBody::Text(std::string_view name, std::size_t bytes_max) {
  auto text = Secret(name, bytes_max);
  if (text) text = std::string(TrimAscii(*text));
  return text;
}

std::optional<bool> AccountBody::Bool(std::string_view name) {
  const auto* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  Refuse(name, "Must be a valid boolean.");
  return std::nullopt;
}

std::optional<std::int64_t> AccountBody::Int(std::string_view name) {
  const auto* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_string()) {
    auto digits = ParseDigits({value->get_string().data(), value->get_string().size()});
    if (digits) return digits;
  }
  Refuse(name, "A valid integer is required.");
  return std::nullopt;
}

std::optional<std::vector<std::string>> AccountBody::Texts(std::string_view name,
                                                           std::size_t count_max) {
  const auto* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  std::vector<std::string> out;
  bool fine = value->is_array() && value->get_array().size() <= count_max;
  for (std::size_t i = 0; fine && i < value->get_array().size(); ++i) {
    const auto& item = value->get_array()[i];
    fine = item.is_string();
    if (!fine) break;
    out.emplace_back(item.get_string().data(), item.get_string().size());
    fine = IsStorableText(out.back());
  }
  if (fine) return out;
  Refuse(name, "Expected a list of at most " + std::to_string(count_max) + " texts.");
  return std::nullopt;
}

std::optional<std::vector<std::string>> AccountBody::TextsIn(std::string_view name,
                                                             std::string_view key,
                                                             std::size_t count_max) {
  const auto* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  std::vector<std::string> out;
  bool fine = value->is_array() && value->get_array().size() <= count_max;
  for (std::size_t i = 0; fine && i < value->get_array().size(); ++i) {
    const auto& item = value->get_array()[i];
    const auto* text =
        item.is_object() ? item.get_object().if_contains({key.data(), key.size()}) : nullptr;
    fine = text != nullptr && text->is_string();
    if (!fine) break;
    out.emplace_back(text->get_string().data(), text->get_string().size());
    fine = IsStorableText(out.back());
  }
  if (fine) return out;
  Refuse(name, "Expected a list of objects with " + std::string(key) + ".");
  return std::nullopt;
}

void AccountBody::Refuse(std::string_view name, std::string text) {
  problems_.emplace_back(std::string(name), std::move(text));
}

void AccountBody::Require(std::string_view name, bool present) {
  if (present) return;
  for (const auto& [field, text] : problems_) {
    if (field == name) return;
  }
  Refuse(name, std::string(kRequired));
}

std::optional<HttpMessageResponse> AccountBody::Problem() const {
  if (unreadable_) return RespondDetail(400, "JSON parse error: the body must be an object.");
  if (problems_.empty()) return std::nullopt;
  std::string body;
  JsonWriter writer(body);
  writer.BeginObject();
  for (const auto& [field, text] : problems_) {
    writer.Key(field).BeginArray().String(text).EndArray();
  }
  writer.EndObject();
  return RespondJson(400, std::move(body));
}

}  // namespace mishap
