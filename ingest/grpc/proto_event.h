// ProtoEventReader: the bytes of a mishap.v1.Event into the one Event struct, field by field.
// Lenient as the JSON reader: what does not fit is dropped with an entry in Event::errors. Bounded:
// lists keep their ends, a message cannot grow to more than a small multiple of its size. Not here:
// normalising (normalise.h), which messages carry an event (capture_message.h).
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/event.h"
#include "event/json_tree.h"

namespace mishap {

// Pairs, lines and names of one event; what comes after is dropped, with a note.
inline constexpr std::size_t kProtoTextsMax = 50'000;

class ProtoEventReader {
 public:
  // Errors: invalid_argument (not protobuf), with the byte offset.
  Result<Event> Read(std::string_view bytes);

 private:
  JsonTree json_;  // of the *_json fields
};

}  // namespace mishap
