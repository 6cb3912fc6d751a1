// Mechanisms of exceptions, with those of old Apple SDKs that have no type but say the signal
// beside it (ingest-protocol 6.6).
#include <string>
#include <string_view>
#include <utility>

#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

void AppendMember(std::string& object, std::string_view name, std::string_view value) {
  if (object.size() > 1) object.push_back(',');
  AppendQuotedJson(object, name);
  object.push_back(':');
  object += value;
}

// {"signal":11,"code":1} -> {"number":11,"code":1}: one member renamed.
std::string Renamed(std::string_view object, std::string_view from, std::string_view to) {
  std::string out = "{";
  for (const auto& [key, value] : JsonChildren(object)) {
    AppendMember(out, key == from ? to : std::string_view(key), value);
  }
  return out + "}";
}

// Adds a member to a RawJson object unless it is there.
void AddMember(RawJson& object, std::string_view name, std::string_view value) {
  if (!JsonMember(object.text, name).empty()) return;
  std::string out = object.empty() ? "{" : object.text.substr(0, object.text.size() - 1);
  AppendMember(out, name, value);
  object.text = out + "}";
}

// True if the member was an old one and has moved.
bool MoveLegacy(Mechanism& mechanism, const NamedJson& member) {
  const auto& [name, value] = member;
  const bool is_object = value.text.starts_with('{');
  if (name == "posix_signal" && is_object) {
    AddMember(mechanism.meta, "signal", Renamed(value.text, "signal", "number"));
  } else if (name == "mach_exception" && is_object) {
    AddMember(mechanism.meta, "mach_exception", Renamed(value.text, "exception_name", "name"));
  } else if (name == "relevant_address") {
    AddMember(mechanism.data, name, value.text);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void NormalizeMechanism(Mechanism& mechanism, const MetaPath& exception, MetaNotes& notes) {
  if (mechanism.type.empty()) {
    std::erase_if(mechanism.other,
                  [&](const NamedJson& member) { return MoveLegacy(mechanism, member); });
    mechanism.type = "generic";
  }
  auto note = [&](std::string_view field, std::size_t length) {
    MetaPath path = exception;
    path.insert(path.end(), {"mechanism", std::string(field)});
    notes.Shortened(std::move(path), length);
  };
  TrimText(mechanism.type, kEnumLimit);
  if (auto length = TrimText(mechanism.description, kMessageLimit)) note("description", *length);
  if (auto length = TrimText(mechanism.help_link, kUrlLimit)) note("help_link", *length);
  TrimText(mechanism.source, kEnumLimit);
  if (auto length = TrimBag(mechanism.data, kMediumBag)) note("data", *length);
  if (auto length = TrimBag(mechanism.meta, kMediumBag)) note("meta", *length);
}

}  // namespace mishap
