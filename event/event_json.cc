// EventReader: one event from JSON. Knows the top level: old names of fields, and what clients may
// not set.
#include "event/event_json.h"

#include <algorithm>
#include <array>

#include "event/field_reader.h"
#include "event/json_tree.h"

namespace mishap {
namespace {

struct Alias {
  std::string_view alias;
  std::string_view name;
};
// The canonical name wins, then these in this order.
constexpr std::array kAliases = {
    Alias{"sentry.interfaces.Message", "logentry"},
    Alias{"message", "logentry"},
    Alias{"sentry.interfaces.Exception", "exception"},
    Alias{"sentry.interfaces.Stacktrace", "stacktrace"},
    Alias{"sentry.interfaces.Threads", "threads"},
    Alias{"sentry.interfaces.Template", "template"},
    Alias{"sentry.interfaces.Breadcrumbs", "breadcrumbs"},
    Alias{"sentry.interfaces.User", "user"},
    Alias{"sentry.interfaces.Http", "request"},
    Alias{"sentry.interfaces.Contexts", "contexts"},
    Alias{"sentry.interfaces.Sdk", "sdk"},
    Alias{"sentry.interfaces.Csp", "csp"},
    Alias{"sentry.interfaces.Hpkp", "hpkp"},
    Alias{"sentry.interfaces.ExpectCT", "expectct"},
    Alias{"sentry.interfaces.ExpectStaple", "expectstaple"},
};

// Set by servers; a client's value means nothing.
constexpr std::array<std::string_view, 8> kServerFields = {
    "version",           "key_id",   "project", "grouping_config", "ingest_path",
    "scraping_attempts", "_metrics", "_dsc"};

std::size_t AliasRank(std::string_view key) {
  if (key != "message" && !key.starts_with("sentry.interfaces.")) return kAliases.size();
  std::size_t rank = 0;
  while (rank < kAliases.size() && kAliases[rank].alias != key) ++rank;
  return rank;
}

bool HasAlias(std::string_view name) {
  return std::any_of(kAliases.begin(), kAliases.end(),
                     [&](const Alias& alias) { return alias.name == name; });
}

void ReadEvent(JsonValue root, ReadNotes& notes, Event& event) {
  struct Deferred {
    std::size_t rank;
    JsonValue value;
  };
  std::vector<Deferred> deferred;
  std::vector<std::string_view> seen;  // canonical names that have aliases, each once
  auto is_seen = [&](std::string_view name) {
    return std::find(seen.begin(), seen.end(), name) != seen.end();
  };
  FieldReader reader(notes);
  root.EachMember([&](std::string_view key, JsonValue value) {
    if (value.IsNull()) return;
    std::size_t rank = AliasRank(key);
    if (rank < kAliases.size()) {
      deferred.push_back({rank, value});
      return;
    }
    if (std::find(kServerFields.begin(), kServerFields.end(), key) != kServerFields.end()) return;
    if (HasAlias(key) && !is_seen(key)) seen.push_back(key);
    reader.ReadMember(key, value, event);
  });
  std::stable_sort(deferred.begin(), deferred.end(),
                   [](const Deferred& a, const Deferred& b) { return a.rank < b.rank; });
  for (const Deferred& d : deferred) {
    std::string_view name = kAliases[d.rank].name;
    if (is_seen(name)) {
      if (name != "logentry") continue;  // messages complete one another
    } else {
      seen.push_back(name);
    }
    reader.ReadMember(name, d.value, event);
  }
  reader.Finish();
}

}  // namespace

struct EventReader::Impl {
  JsonTree tree;
};

EventReader::EventReader() : impl_(std::make_unique<Impl>()) {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader& EventReader::operator=(EventReader&&) noexcept = default;

Result<Event> EventReader::Read(std::string_view json) {
  auto root = impl_->tree.Parse(json);
  if (!root) return Fail(Reason::kInvalidJson, "the event is not JSON: " + root.error().detail);
  if (!root->IsObject()) {
    return Fail(Reason::kInvalidJson, "the event is not a JSON object: byte 0: expected '{'");
  }
  Event event;
  ReadNotes notes;
  notes.path.reserve(kJsonDepthMax);
  ReadEvent(*root, notes, event);
  // The client's own entries first; ours say what is missing now.
  for (EventError& error : notes.errors) {
    if (event.errors.size() >= kEventErrorsMax) break;
    event.errors.push_back(std::move(error));
  }
  if (event.errors.size() > kEventErrorsMax) event.errors.resize(kEventErrorsMax);
  return event;
}

}  // namespace mishap
