// The one JSON reader and the one JSON writer of events.
// Reading is lenient (ingest-protocol 3.7 and 6): a field of the wrong type is dropped with an
// entry in Event::errors, aliases and shapes of old clients are understood; only a payload that is
// not a JSON object fails. The same reader reads canonical JSON back: Read(Write(e)) == e for every
// normalised event.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace mishap {

// Entries of Event::errors, and bytes of JSON each may keep of the dropped value.
inline constexpr std::size_t kEventErrorsMax = 100;
inline constexpr std::size_t kErrorValueBytesMax = 1024;

class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) noexcept;

  // json: UTF-8 or not, NaN/Infinity and lone surrogates allowed; the bytes are copied into a
  // padded buffer of the reader. One reader per thread; it keeps its parser and buffers. Errors:
  // invalid_json (not an object, deeper than 128, syntax), with the byte offset in the detail where
  // it is known.
  Result<Event> Read(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Canonical JSON: fixed key order, absent fields left out, timestamps as RFC 3339 with Z.
std::string WriteEventJson(const Event& event);
void AppendEventJson(const Event& event, std::string& out);

}  // namespace mishap
