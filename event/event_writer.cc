// The writer of canonical JSON: the fields of event_fields.h in their order, absent ones left out.
#include <charconv>

#include "base/json_writer.h"
#include "event/event_fields.h"
#include "event/event_json.h"
#include "event/json_tree.h"

namespace mishap {
namespace {

constexpr std::size_t kTypicalEventBytes = 8192;

class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : out_(out) {}

  template <class T>
  void Object(const T& part) {
    out_.push_back('{');
    first_ = true;
    VisitFields(*this, part);
    out_.push_back('}');
    first_ = false;
  }

  void Text(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    Key(name);
    AppendJsonString(out_, value);
  }
  void Lenient(std::string_view name, const std::string& value) { Text(name, value); }
  void JsonText(std::string_view name, const std::string& value) { Text(name, value); }
  void LevelText(std::string_view name, const std::string& value) { Text(name, value); }
  void Address(std::string_view name, const std::string& value) { Text(name, value); }
  void LevelValue(std::string_view name, const std::optional<Level>& value) {
    if (!value) return;
    Key(name);
    AppendJsonString(out_, LevelName(*value));
  }
  void Flag(std::string_view name, const std::optional<bool>& value) {
    if (!value) return;
    Key(name);
    out_ += *value ? "true" : "false";
  }
  void Int(std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) Number(name, *value);
  }
  void Position(std::string_view name, const std::optional<std::uint32_t>& value) {
    if (value) Number(name, *value);
  }
  void Time(std::string_view name, const std::optional<Timestamp>& value) {
    if (!value) return;
    Key(name);
    AppendJsonString(out_, FormatTimestamp(*value));
  }
  void Stamp(std::string_view name, const Timestamp& value) {
    if (value.micros != 0) Time(name, value);
  }
  void Id(std::string_view name, const EventId& value) {
    if (!value.IsNil()) Text(name, ToHex(value));
  }
  void Raw(std::string_view name, const RawJson& value) {
    if (value.empty()) return;
    Key(name);
    out_ += value.text;
  }
  void NumberOrText(std::string_view name, const RawJson& value) { Raw(name, value); }
  void RawObject(std::string_view name, const RawJson& value) { Raw(name, value); }
  void RawKeyed(std::string_view name, const RawJson& value) { Raw(name, value); }
  void Lines(std::string_view name, const std::vector<std::string>& values) { Texts(name, values); }
  void Texts(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    Key(name);
    Array(values, [&](const std::string& value) { AppendJsonString(out_, value); });
  }
  void Named(std::string_view name, const std::vector<NamedJson>& values) {
    if (values.empty()) return;
    Key(name);
    out_.push_back('{');
    first_ = true;
    Other(values);
    out_.push_back('}');
    first_ = false;
  }
  void NamedObjects(std::string_view name, const std::vector<NamedJson>& values) {
    Named(name, values);
  }
  void Other(const std::vector<NamedJson>& values) {
    for (const auto& [name, value] : values) Raw(name, value);
  }
  void Unknown(const std::vector<NamedJson>&) {}
  void Pairs(std::string_view name, const std::vector<NamedText>& pairs) {
    if (pairs.empty()) return;
    Key(name);
    Array(pairs, [&](const NamedText& pair) {
      out_.push_back('[');
      AppendJsonString(out_, pair.first);
      out_.push_back(',');
      AppendJsonString(out_, pair.second);
      out_.push_back(']');
    });
  }
  void Query(std::string_view name, const std::vector<NamedText>& pairs) { Pairs(name, pairs); }
  void Cookies(std::string_view name, const std::vector<NamedText>& pairs) { Pairs(name, pairs); }
  void Headers(std::string_view name, const std::vector<NamedText>& pairs) { Pairs(name, pairs); }
  void Map(std::string_view name, const std::vector<NamedText>& pairs) {
    if (pairs.empty()) return;
    Key(name);
    out_.push_back('{');
    first_ = true;
    for (const auto& [key, value] : pairs) {
      Key(key);
      AppendJsonString(out_, value);
    }
    out_.push_back('}');
    first_ = false;
  }
  void Message(std::string_view name, const std::optional<LogEntry>& value) { Nested(name, value); }

  template <class T>
  void Nested(std::string_view name, const std::optional<T>& part) {
    if (!part) return;
    Key(name);
    Object(*part);
  }
  template <class T>
  void List(std::string_view name, const std::vector<T>& parts) {
    if (parts.empty()) return;
    Key(name);
    Array(parts, [&](const T& part) { Object(part); });
  }
  template <class T>
  void Values(std::string_view name, const std::vector<T>& parts) {
    if (parts.empty()) return;
    Key(name);
    out_ += "{\"values\":";
    Array(parts, [&](const T& part) { Object(part); });
    out_.push_back('}');
  }

 private:
  void Key(std::string_view name) {
    if (!first_) out_.push_back(',');
    first_ = false;
    AppendJsonString(out_, name);
    out_.push_back(':');
  }
  template <class N>
  void Number(std::string_view name, N value) {
    Key(name);
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  }
  template <class T, class Write>
  void Array(const std::vector<T>& values, Write&& write) {
    out_.push_back('[');
    bool first = true;
    for (const T& value : values) {
      if (!first) out_.push_back(',');
      first = false;
      write(value);
    }
    out_.push_back(']');
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace

void AppendEventJson(const Event& event, std::string& out) {
  FieldWriter(out).Object(event);
}

std::string WriteEventJson(const Event& event) {
  std::string out;
  out.reserve(kTypicalEventBytes);
  AppendEventJson(event, out);
  return out;
}

}  // namespace mishap
