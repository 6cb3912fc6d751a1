#include "api/entry_parts.h"

#include <algorithm>
#include <boost/json.hpp>

#include "api/event_entries.h"

namespace mishap {
namespace {

void OptionalNumber(JsonWriter& json, std::string_view name, std::optional<std::uint32_t> value) {
  json.Key(name);
  value ? json.Int(*value) : json.Null();
}

void OptionalInt(JsonWriter& json, std::string_view name, std::optional<std::int64_t> value) {
  if (value) json.Field(name, *value);
}

void OptionalBool(JsonWriter& json, std::string_view name, std::optional<bool> value) {
  if (value) json.Field(name, *value);
}

void OptionalText(JsonWriter& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.Field(name, value);
}

// [[9,"code"],[10,"..."]]: lines before, the line, lines after, with their numbers.
void WriteContext(const Frame& frame, JsonWriter& json) {
  json.BeginArray();
  bool has_context =
      !frame.context_line.empty() || !frame.pre_context.empty() || !frame.post_context.empty();
  if (has_context && frame.lineno) {
    auto number = static_cast<std::int64_t>(*frame.lineno) -
                  static_cast<std::int64_t>(frame.pre_context.size());
    auto line = [&](const std::string& text) {
      json.BeginArray().Int(number++).String(text).EndArray();
    };
    for (const auto& text : frame.pre_context) line(text);
    line(frame.context_line);
    for (const auto& text : frame.post_context) line(text);
  }
  json.EndArray();
}

void WriteMechanism(const Mechanism& mechanism, JsonWriter& json) {
  json.BeginObject().Field("type", mechanism.type.empty() ? "generic" : mechanism.type);
  json.Key("handled");
  mechanism.handled ? json.Bool(*mechanism.handled) : json.Null();
  OptionalBool(json, "synthetic", mechanism.synthetic);
  if (!mechanism.data.empty()) json.Key("data").Raw(mechanism.data.text);
  if (!mechanism.meta.empty()) json.Key("meta").Raw(mechanism.meta.text);
  OptionalText(json, "help_link", mechanism.help_link);
  OptionalText(json, "description", mechanism.description);
  OptionalText(json, "source", mechanism.source);
  OptionalInt(json, "exception_id", mechanism.exception_id);
  OptionalInt(json, "parent_id", mechanism.parent_id);
  OptionalBool(json, "is_exception_group", mechanism.is_exception_group);
  json.EndObject();
}

}  // namespace

void TextOrNull(JsonWriter& json, std::string_view name, std::string_view value) {
  json.Key(name);
  value.empty() ? json.Null() : json.String(value);
}

void BoolOrFalse(JsonWriter& json, std::string_view name, std::optional<bool> value) {
  json.Field(name, value.value_or(false));
}

void StacktraceOrNull(JsonWriter& json, const std::optional<Stacktrace>& stacktrace) {
  if (stacktrace && !stacktrace->frames.empty()) {
    WriteStacktrace(*stacktrace, json);
  } else {
    json.Null();
  }
}

std::string_view OtherJson(const std::vector<NamedJson>& other, std::string_view name) {
  auto found = std::find_if(other.begin(), other.end(),
                            [&](const NamedJson& entry) { return entry.first == name; });
  return found == other.end() ? std::string_view() : std::string_view(found->second.text);
}

std::string_view ObjectOrNull(std::string_view text) {
  return text.starts_with('{') ? text : std::string_view("null");
}

std::string MemberOf(std::string_view object, std::string_view name) {
  boost::system::error_code error;
  auto value = boost::json::parse(boost::json::string_view(object.data(), object.size()), error);
  if (error || !value.is_object()) return {};
  const auto* member =
      value.get_object().if_contains(boost::json::string_view(name.data(), name.size()));
  return member ? boost::json::serialize(*member) : std::string();
}

std::string CompactJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\n' && c != '\t')) out += c;
    if (in_string && c == '\\' && i + 1 < json.size()) out += json[++i];
  }
  return out;
}

void WriteFrame(const Frame& frame, JsonWriter& json) {
  json.BeginObject();
  // A page needs something to show in either place.
  TextOrNull(json, "filename", frame.filename.empty() ? frame.abs_path : frame.filename);
  TextOrNull(json, "absPath", frame.abs_path.empty() ? frame.filename : frame.abs_path);
  TextOrNull(json, "module", frame.module);
  TextOrNull(json, "package", frame.package);
  TextOrNull(json, "platform", frame.platform);
  TextOrNull(json, "instructionAddr", frame.instruction_addr);
  TextOrNull(json, "symbolAddr", frame.symbol_addr);
  TextOrNull(json, "function", frame.function);
  TextOrNull(json, "rawFunction", frame.raw_function);
  TextOrNull(json, "symbol", frame.symbol);
  json.Key("context");
  WriteContext(frame, json);
  OptionalNumber(json, "lineNo", frame.lineno);
  OptionalNumber(json, "colNo", frame.colno);
  json.Field("inApp", frame.in_app.value_or(false));
  TextOrNull(json, "trust", frame.trust);
  json.Key("errors").Raw(OtherJson(frame.other, "errors"));
  json.Key("lock").Raw(OtherJson(frame.other, "lock"));
  json.Key("sourceLink").Null().Key("vars").Raw(ObjectOrNull(frame.vars.text)).EndObject();
}

void WriteException(const Exception& exception, JsonWriter& json) {
  json.BeginObject();
  TextOrNull(json, "type", exception.type);
  TextOrNull(json, "value", exception.value);
  json.Key("mechanism");
  if (exception.mechanism) {
    WriteMechanism(*exception.mechanism, json);
  } else {
    json.Null();
  }
  json.Key("threadId").Raw(exception.thread_id.text);
  TextOrNull(json, "module", exception.module);
  json.Key("stacktrace");
  StacktraceOrNull(json, exception.stacktrace);
  json.Key("rawStacktrace").Null().EndObject();
}

void WriteTemplate(std::string_view object, JsonWriter& json) {
  json.BeginObject();
  auto line = MemberOf(object, "lineno");
  json.Key("lineNo").Raw(line);
  json.Key("filename").Raw(MemberOf(object, "filename"));
  json.Key("context").BeginArray();
  auto text = MemberOf(object, "context_line");
  if (!text.empty() && text != "null" && !line.empty()) {
    json.BeginArray().Raw(line).Raw(text).EndArray();
  }
  json.EndArray().EndObject();
}

}  // namespace mishap
