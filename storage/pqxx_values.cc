// Values of PostgreSQL's text protocol to our nouns and back (pqxx_session.h).
#include <fmt/format.h>

#include "storage/pqxx_session.h"

namespace mishap {

std::string ArrayParam(const std::vector<std::int64_t>& values) {
  return fmt::format("{{{}}}", fmt::join(values, ","));
}

std::string ArrayParam(const std::vector<ProjectId>& values) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(values.size());
  for (ProjectId id : values) numbers.push_back(id.value);
  return ArrayParam(numbers);
}

std::string ArrayParam(const std::vector<std::string>& values) {
  std::string out = "{";
  for (const std::string& value : values) {
    if (out.size() > 1) out.push_back(',');
    out.push_back('"');
    for (char c : value) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out.push_back('}');
  return out;
}

Timestamp TimestampOf(const pqxx::field& field) {
  std::string_view text = field.c_str();
  if (text.ends_with("+00")) text.remove_suffix(3);
  auto time = ParseTimestamp(text);
  if (!time) throw pqxx::conversion_error(fmt::format("not a time in UTC: '{}'", text));
  return *time;
}

std::optional<Timestamp> OptionalTimestampOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return TimestampOf(field);
}

EventId EventIdOf(const pqxx::field& field) {
  auto id = ParseId128<EventId>(field.c_str());
  if (!id) throw pqxx::conversion_error(fmt::format("not a uuid: '{}'", field.c_str()));
  return *id;
}

std::string BytesOf(const pqxx::field& field) {
  const pqxx::binarystring bytes(field);
  return bytes.str();
}

std::vector<std::string> TextArrayOf(const pqxx::field& field) {
  std::vector<std::string> out;
  pqxx::array_parser parser = field.as_array();
  for (auto item = parser.get_next(); item.first != pqxx::array_parser::juncture::done;
       item = parser.get_next()) {
    if (item.first == pqxx::array_parser::juncture::string_value) out.push_back(item.second);
  }
  return out;
}

std::vector<std::int64_t> Int64ArrayOf(const pqxx::field& field) {
  std::vector<std::int64_t> out;
  for (const std::string& text : TextArrayOf(field)) out.push_back(std::stoll(text));
  return out;
}

pqxx::result Work::RunText(const std::string& sql, const std::vector<std::string>& params) {
  return tx_.exec_params(sql, pqxx::prepare::make_dynamic_params(params.begin(), params.end()));
}

}  // namespace mishap
