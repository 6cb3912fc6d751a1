// Event: one error report as every stage behind the door sees it. Doors turn each dialect into this
// struct; it is normalised and scrubbed, written once as canonical JSON (event_json.h) and never
// parsed from a client's bytes again. Field names and meanings: Sentry's event schema
// (docs/formats/event.md). Absent and empty are the same thing here. Free-form parts stay as
// RawJson slices: text of one valid JSON value, or empty for "absent".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap {

// Containers in containers: a client's JSON that nests deeper is refused.
inline constexpr std::size_t kJsonDepthMax = 128;

// One valid JSON value as text; empty = absent. Never holds NUL, lone surrogates or non-finite
// numbers.
struct RawJson {
  std::string text;

  bool empty() const { return text.empty(); }
  bool operator==(const RawJson&) const = default;
};

using NamedJson = std::pair<std::string, RawJson>;
using NamedText = std::pair<std::string, std::string>;

enum class Level : std::uint8_t {
  kDebug = 10,
  kInfo = 20,
  kWarning = 30,
  kError = 40,
  kFatal = 50
};
std::string_view LevelName(Level level);  // "debug" ... "fatal"
// Any spelling clients use: names in any case, "warn", "log", "critical", "40"
// (ingest-protocol 6.3).
std::optional<Level> ParseLevel(std::string_view text);

// How an exception came to be reported (ingest-protocol 6.6).
struct Mechanism {
  std::string type;
  std::optional<bool> handled;
  std::optional<bool> synthetic;
  std::optional<bool> is_exception_group;
  std::optional<std::int64_t> exception_id;
  std::optional<std::int64_t> parent_id;
  std::string description;
  std::string help_link;
  std::string source;
  RawJson data;
  RawJson meta;
  std::vector<NamedJson> other;

  bool operator==(const Mechanism&) const = default;
};

// One call, ingest-protocol 6.7. Frames stand caller first, crash last.
struct Frame {
  std::string function;
  std::string raw_function;
  std::string module;
  std::string package;
  std::string filename;
  std::string abs_path;
  std::string context_line;
  std::string platform;  // overrides the event's
  std::optional<std::uint32_t> lineno;
  std::optional<std::uint32_t> colno;
  std::optional<bool> in_app;
  std::vector<std::string> pre_context;
  std::vector<std::string> post_context;
  std::string instruction_addr;
  std::string symbol_addr;
  std::string image_addr;
  std::string symbol;
  std::string trust;
  RawJson vars;
  RawJson data;
  std::vector<NamedJson> other;

  bool operator==(const Frame&) const = default;
};

struct Stacktrace {
  std::vector<Frame> frames;
  std::vector<NamedJson> other;  // registers, lang, snapshot, ...

  bool operator==(const Stacktrace&) const = default;
};

// Exceptions stand cause first; the one finally raised is the last.
struct Exception {
  std::string type;
  std::string value;
  std::string module;
  std::optional<Stacktrace> stacktrace;
  RawJson raw_stacktrace;
  RawJson thread_id;  // a number or a string
  std::optional<Mechanism> mechanism;
  std::vector<NamedJson> other;

  bool operator==(const Exception&) const = default;
};

struct Thread {
  RawJson id;
  std::string name;
  std::string state;
  std::optional<bool> crashed;
  std::optional<bool> current;
  std::optional<bool> main;
  std::optional<Stacktrace> stacktrace;
  std::vector<NamedJson> other;

  bool operator==(const Thread&) const = default;
};

// logentry / message. `formatted` is always set after normalising; `message` is the template when
// it differs.
struct LogEntry {
  std::string message;
  std::string formatted;
  RawJson params;

  bool operator==(const LogEntry&) const = default;
};

struct Breadcrumb {
  std::optional<Timestamp> timestamp;
  std::string type;
  std::string category;
  std::string level;
  std::string message;
  RawJson data;
  std::vector<NamedJson> other;

  bool operator==(const Breadcrumb&) const = default;
};

// The person an event happened to.
struct EventUser {
  std::string id;
  std::string email;
  std::string ip_address;
  std::string username;
  std::string name;
  RawJson geo;
  std::vector<NamedJson> data;  // unknown keys end up here

  bool operator==(const EventUser&) const = default;
  bool empty() const { return *this == EventUser{}; }
};

struct HttpRequest {
  std::string url;
  std::string method;
  std::string protocol;
  std::string fragment;
  std::string inferred_content_type;
  std::vector<NamedText> query_string;
  std::vector<NamedText> cookies;
  std::vector<NamedText> headers;
  RawJson data;
  RawJson env;
  std::vector<NamedJson> other;

  bool operator==(const HttpRequest&) const = default;
};

struct SdkPackage {
  std::string name;
  std::string version;
  bool operator==(const SdkPackage&) const = default;
};

struct Sdk {
  std::string name;
  std::string version;
  std::vector<std::string> integrations;
  std::vector<SdkPackage> packages;
  RawJson settings;
  std::vector<NamedJson> other;

  bool operator==(const Sdk&) const = default;
};

// What normalising had to drop or change: {"type":"invalid_data","name":"level","value":7}.
struct EventError {
  std::string type;
  std::string name;
  RawJson value;
  std::vector<NamedJson> other;

  bool operator==(const EventError&) const = default;
};

struct Event {
  EventId id;
  Timestamp timestamp;  // occurred_at: the client's clock, corrected; 0 until normalised if absent
  Timestamp received;   // received_at: the door's clock
  std::string type;     // error | default | csp | ... (inferred, ingest-protocol 7.1)
  std::string platform;
  std::optional<Level> level;
  std::string logger;
  std::string transaction;
  std::string culprit;
  std::string server_name;
  std::string release;
  std::string dist;
  std::string environment;
  std::string checksum;
  std::optional<LogEntry> logentry;
  std::vector<Exception> exceptions;
  std::optional<Stacktrace> stacktrace;  // deprecated top level
  std::vector<Thread> threads;
  RawJson frame_template;  // "template"
  std::vector<Breadcrumb> breadcrumbs;
  std::optional<EventUser> user;
  std::optional<HttpRequest> request;
  std::vector<NamedJson> contexts;  // name -> object
  std::vector<NamedText> tags;      // in the order kept; no duplicate keys
  std::vector<NamedJson> extra;
  std::vector<NamedText> modules;
  std::vector<std::string> fingerprint;
  std::optional<Sdk> sdk;
  RawJson debug_meta;
  std::vector<EventError> errors;
  RawJson meta;                  // "_meta", kept verbatim plus our notes
  std::vector<NamedJson> other;  // unknown top-level keys, kept

  bool operator==(const Event&) const = default;

  // Value of a tag, or empty.
  std::string_view Tag(std::string_view key) const;
};

}  // namespace mishap
