// FieldReader: fills the parts of an Event from JSON, leniently. One method per shape a field may
// have; each does nothing unless the member at hand bears its name (event_fields.h calls them all).
// What does not fit becomes an EventError. Private to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/event_fields.h"
#include "event/event_json.h"
#include "event/json_tree.h"

namespace mishap {

// Lists of parts keep this many elements of each end; the rest of a longer list is not even read
// (stack overflows have tens of thousands of frames). All lists of an event together hold at most
// kEventPartsMax.
inline constexpr std::size_t kListEndKept = 500;
inline constexpr std::size_t kEventPartsMax = 20'000;

// Where the reader stands, and what it had to drop. `path` views point into the tree.
struct ReadNotes {
  struct Step {
    std::string_view name;  // empty: an index
    std::size_t index = 0;
  };
  std::vector<Step> path;
  std::vector<EventError> errors;
  std::size_t parts = 0;  // frames, exceptions, breadcrumbs ... read so far

  // Notes that the value at `path` was dropped:
  // {"type":"invalid_data","name":"exception.values.0.type",...}.
  void Drop(JsonValue value);
};

// Enters a member or an element for the lifetime of the scope.
class PathScope {
 public:
  PathScope(ReadNotes& notes, std::string_view name) : notes_(notes) {
    notes_.path.push_back({name, 0});
  }
  PathScope(ReadNotes& notes, std::size_t index) : notes_(notes) {
    notes_.path.push_back({{}, index});
  }
  ~PathScope() { notes_.path.pop_back(); }
  PathScope(const PathScope&) = delete;
  PathScope& operator=(const PathScope&) = delete;

 private:
  ReadNotes& notes_;
};

// A string; or a bool, a whole or truncated number as text. nullopt: anything else.
std::optional<std::string> LenientText(JsonValue value);
// Seconds since 1970, ISO 8601, or seconds in a string.
std::optional<Timestamp> LenientTime(JsonValue value);
// The text of a value as one RawJson.
RawJson ToRaw(JsonValue value);
// Of values with one name the last stays. Linear in the list's length but for a sort.
void KeepLastOfName(std::vector<NamedJson>& list);

class FieldReader {
 public:
  explicit FieldReader(ReadNotes& notes) : notes_(notes) {}

  template <class T>
  void ReadMembers(JsonValue object, T& part) {
    object.EachMember([&](std::string_view key, JsonValue value) { ReadMember(key, value, part); });
    Finish();
  }
  // After the last member of an object.
  void Finish() {
    if (other_ != nullptr) KeepLastOfName(*other_);
  }
  template <class T>
  void ReadMember(std::string_view key, JsonValue value, T& part) {
    if (value.IsNull()) return;
    PathScope scope(notes_, key);
    key_ = key;
    value_ = &value;
    VisitFields(*this, part);
    value_ = nullptr;
  }

  void Text(std::string_view name, std::string& out);
  void Lenient(std::string_view name, std::string& out);
  void JsonText(std::string_view name, std::string& out);
  void LevelText(std::string_view name, std::string& out);
  void LevelValue(std::string_view name, std::optional<Level>& out);
  void Flag(std::string_view name, std::optional<bool>& out);
  void Int(std::string_view name, std::optional<std::int64_t>& out);
  void Position(std::string_view name, std::optional<std::uint32_t>& out);
  void Address(std::string_view name, std::string& out);
  void Time(std::string_view name, std::optional<Timestamp>& out);
  void Stamp(std::string_view name, Timestamp& out);
  void Id(std::string_view name, EventId& out);
  void NumberOrText(std::string_view name, RawJson& out);
  void Raw(std::string_view name, RawJson& out);
  void RawObject(std::string_view name, RawJson& out);
  void RawKeyed(std::string_view name, RawJson& out);
  void Lines(std::string_view name, std::vector<std::string>& out);
  void Texts(std::string_view name, std::vector<std::string>& out);
  void Named(std::string_view name, std::vector<NamedJson>& out);
  void NamedObjects(std::string_view name, std::vector<NamedJson>& out);
  void Pairs(std::string_view name, std::vector<NamedText>& out);
  void Map(std::string_view name, std::vector<NamedText>& out);
  void Query(std::string_view name, std::vector<NamedText>& out);
  void Cookies(std::string_view name, std::vector<NamedText>& out);
  void Headers(std::string_view name, std::vector<NamedText>& out);
  void Message(std::string_view name, std::optional<LogEntry>& out);
  // Last in each list: whatever no other method took.
  void Other(std::vector<NamedJson>& out);
  void Unknown(std::vector<NamedJson>& out) { Other(out); }

  template <class T>
  void Nested(std::string_view name, std::optional<T>& out) {
    const JsonValue* value = Take(name);
    if (value == nullptr) return;
    if (!AcceptObject(*value)) return;
    out.emplace();
    FieldReader(notes_).ReadMembers(*value, *out);
  }
  // An array of objects.
  template <class T>
  void List(std::string_view name, std::vector<T>& out) {
    const JsonValue* value = Take(name);
    if (value != nullptr) ReadElements(*value, out);
  }
  // The three shapes of value lists: an array, {"values":[...]}, or one bare object.
  template <class T>
  void Values(std::string_view name, std::vector<T>& out) {
    const JsonValue* value = Take(name);
    if (value == nullptr) return;
    if (!value->IsObject()) return ReadElements(*value, out);
    bool wrapped = false;
    value->EachMember([&](std::string_view key, JsonValue member) {
      if (key != "values") return;
      wrapped = true;
      PathScope scope(notes_, key);
      if (!member.IsNull()) ReadElements(member, out);
    });
    if (wrapped || value->IsEmptyContainer()) return;
    out.emplace_back();
    FieldReader(notes_).ReadMembers(*value, out.back());
  }

 private:
  // The member's value if it bears this name and was not taken yet.
  const JsonValue* Take(std::string_view name) {
    if (value_ == nullptr || key_ != name) return nullptr;
    const JsonValue* value = value_;
    value_ = nullptr;
    return value;
  }
  // True for an object; an empty array is an empty object (PHP), all else is dropped.
  bool AcceptObject(JsonValue value);
  using PairList = std::vector<NamedText>;
  using PairText = std::optional<std::string> (*)(JsonValue);
  // An object (sorted) or an array of pairs, values turned into text by `text`.
  void ReadPairs(JsonValue value, PairText text, PairList& out);
  void ReadPairElement(JsonValue pair, PairText text, PairList& out);

  template <class T>
  void ReadElements(JsonValue value, std::vector<T>& out) {
    if (!value.IsArray()) {
      if (!value.IsEmptyContainer()) notes_.Drop(value);
      return;
    }
    std::size_t count = 0;
    value.EachElement([&](JsonValue) { ++count; });
    std::size_t index = 0;
    value.EachElement([&](JsonValue element) {
      PathScope scope(notes_, index++);
      bool skipped = index > kListEndKept && index + kListEndKept <= count;
      if (element.IsNull() || skipped || ++notes_.parts > kEventPartsMax) return;
      if (!element.IsObject()) return notes_.Drop(element);
      out.emplace_back();
      FieldReader(notes_).ReadMembers(element, out.back());
    });
  }

  ReadNotes& notes_;
  std::string_view key_;
  const JsonValue* value_ = nullptr;
  std::vector<NamedJson>* other_ = nullptr;
};

}  // namespace mishap
