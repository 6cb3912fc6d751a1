// entries[] of an event as the API shows it (web-api 2.9): the canonical event in the shape that
// the web page and the tools read. Pure.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "event/event.h"

namespace mishap {

// The array, in the order exception or stacktrace, threads, message, template, csp and the like,
// breadcrumbs, request, debugmeta, spans.
void WriteEntries(const Event& event, JsonWriter& json);

// A list of frames, oldest call first.
void WriteStacktrace(const Stacktrace& stacktrace, JsonWriter& json);

}  // namespace mishap
