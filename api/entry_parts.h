// The parts of entries[]: frames, exceptions, templates, and the small forms "text or null" they
// share. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "event/event.h"

namespace mishap {

void TextOrNull(JsonWriter& json, std::string_view name, std::string_view value);
void BoolOrFalse(JsonWriter& json, std::string_view name, std::optional<bool> value);
void StacktraceOrNull(JsonWriter& json, const std::optional<Stacktrace>& stacktrace);
// The JSON text of a kept unknown field; empty if there is none.
std::string_view OtherJson(const std::vector<NamedJson>& other, std::string_view name);
// `text` if it is a JSON object, else "null": clients refuse arrays and scalars here.
std::string_view ObjectOrNull(std::string_view text);
// `json` without the blanks that PostgreSQL's jsonb puts between its tokens.
std::string CompactJson(std::string_view json);
// The JSON text of a member of a JSON object; empty if absent or not an object.
std::string MemberOf(std::string_view object, std::string_view name);

void WriteFrame(const Frame& frame, JsonWriter& json);
void WriteException(const Exception& exception, JsonWriter& json);
// {"lineNo","filename","context"} of the event's template object.
void WriteTemplate(std::string_view object, JsonWriter& json);

}  // namespace mishap
