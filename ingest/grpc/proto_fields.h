// ProtoFields: the shapes a field of a proto event may have, each turned into a member of Event;
// what does not fit becomes an EventError. Private to proto_event.cc and its tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/json_tree.h"
#include "proto/wire.h"

namespace mishap {

class ProtoFields {
 public:
  explicit ProtoFields(JsonTree& json) : json_(json) {}

  std::vector<EventError> errors;
  bool broken = false;  // some message inside is not protobuf

  // Calls visit(field) for every field of a message.
  template <class Visit>
  void Each(std::string_view message, Visit&& visit) {
    ProtoReader reader(message);
    ProtoField field;
    while (reader.Next(field)) visit(field);
    broken = broken || reader.Broken();
  }

  void Text(const ProtoField& field, std::string& out);
  void Texts(const ProtoField& field, std::vector<std::string>& out);
  void Flag(const ProtoField& field, std::optional<bool>& out);
  void Int(const ProtoField& field, std::optional<std::int64_t>& out);
  void Position(const ProtoField& field, std::optional<std::uint32_t>& out);
  void Address(const ProtoField& field, std::string& out);
  void LevelValue(const ProtoField& field, std::string_view name, std::optional<Level>& out);
  void Time(const ProtoField& field, std::string_view name, std::optional<Timestamp>& out);
  // A number when it looks like one, else a string.
  void NumberOrText(const ProtoField& field, RawJson& out);
  void Json(const ProtoField& field, std::string_view name, RawJson& out);
  void JsonObject(const ProtoField& field, std::string_view name, RawJson& out);
  // An entry of map<string, string> or a Pair.
  void Pair(const ProtoField& field, std::vector<NamedText>& out);
  void NamedValue(const ProtoField& field, std::string_view name, std::vector<NamedJson>& out);
  void NamedObject(const ProtoField& field, std::string_view name, std::vector<NamedJson>& out);

  // True if element `index` of a list of `count` is kept: the ends of long lists, and not more
  // parts than an event may have.
  bool Keeps(std::size_t index, std::size_t count);
  void Drop(std::string_view type, std::string_view name, std::string_view value);

 private:
  bool TakeText();
  NamedText Entry(const ProtoField& field);
  bool ParseJson(std::string_view text, std::string_view name, bool object, RawJson& out);

  JsonTree& json_;
  std::size_t parts_ = 0;
  std::size_t texts_ = 0;
};

// How often field `number` stands in a message.
std::size_t CountOf(std::string_view message, std::uint32_t number);
// Of entries with one name the last stays, as in a map.
void KeepLastOfEachName(std::vector<NamedJson>& list);
void KeepLastOfEachName(std::vector<NamedText>& list);

}  // namespace mishap
