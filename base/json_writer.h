// Writes JSON text straight into a string, left to right, with no tree in between. The caller keeps
// the structure right: debug builds do not check it. Ill-formed UTF-8 and NUL in strings become
// U+FFFD (PostgreSQL keeps neither).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mishap {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view name);

  JsonWriter& String(std::string_view value);
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Double(double value);  // not finite: null
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Time(Timestamp value);       // "2026-05-01T10:00:00.123456Z"
  JsonWriter& Raw(std::string_view json);  // text that is already JSON; empty: null

  // Key and value in one call.
  JsonWriter& Field(std::string_view name, std::string_view value) {
    return Key(name).String(value);
  }
  JsonWriter& Field(std::string_view name, const char* value) { return Key(name).String(value); }
  JsonWriter& Field(std::string_view name, const std::string& value) {
    return Key(name).String(value);
  }
  JsonWriter& Field(std::string_view name, std::int64_t value) { return Key(name).Int(value); }
  JsonWriter& Field(std::string_view name, int value) { return Key(name).Int(value); }
  JsonWriter& Field(std::string_view name, bool value) { return Key(name).Bool(value); }
  JsonWriter& Field(std::string_view name, Timestamp value) { return Key(name).Time(value); }

 private:
  void Separate();

  std::string& out_;
  bool comma_ = false;
};

void AppendJsonString(std::string& out, std::string_view value);  // with the quotes

}  // namespace mishap
