// EnvelopeParser: the inflated body -> Envelope, whose items are slices of the body
// (ingest-protocol 4). A structural error anywhere rejects the whole envelope; nothing is done with
// an item before all are parsed.
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/envelope.h"
#include "event/json_tree.h"
#include "ingest/limits.h"

namespace mishap {

// One per thread; keeps its JSON parser.
class EnvelopeParser {
 public:
  explicit EnvelopeParser(const IngestLimits& limits) : limits_(limits) {}

  // `body` must outlive the envelope. Unreadable event_id, sent_at and sdk count as absent.
  // Errors: invalid_envelope with the item's number, too_large (header line, number of items),
  // invalid_argument (the header's dsn cannot be read).
  Result<Envelope> Parse(std::string_view body);

 private:
  struct Cursor;
  struct ItemHeader;

  Result<JsonValue> ParseHeaderLine(std::string_view line, std::string_view what);
  Status ReadEnvelopeHeader(std::string_view line, Envelope& envelope);
  Result<ItemHeader> ReadItemHeader(std::string_view line, std::size_t number);
  Status ReadItem(Cursor& cursor, Envelope& envelope);

  const IngestLimits limits_;
  JsonTree json_;
};

}  // namespace mishap
