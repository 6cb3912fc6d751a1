// From a spool record to an event ready for the writer: decode, read the canonical JSON, (merge the
// overlay), group, name. A pure function of the record's bytes, apart from asking whether a hash
// was seen before. No I/O, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/result.h"
#include "digest/project_groupings.h"
#include "event/event.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "spool/spool.h"
#include "storage/digest_batch.h"
#include "storage/digest_writer.h"

namespace mishap {

// Canonical JSON may grow a little over what the door let in; a frame that unpacks to more is not
// ours.
inline constexpr std::size_t kEventJsonBytesMax = 16u << 20;

// One per thread: the reader keeps its parser and buffers.
class EventPreparer {
 public:
  // writer: asked IsKnown only.
  EventPreparer(const PayloadCodec& codec, ProjectGroupings groupings, const DigestWriter& writer)
      : codec_(codec), groupings_(std::move(groupings)), writer_(writer) {}

  // record.type must be kEvent. An error means that these bytes cannot be read: it is final for
  // this record.
  Result<DigestEvent> Prepare(const SpoolRecord& record);

 private:
  const PayloadCodec& codec_;
  ProjectGroupings groupings_;
  const DigestWriter& writer_;
  EventReader reader_;
};

// Who is affected, as one number (decisions 2.8): XXH3-64 of "id:42", else "username:..",
// "email:..", "ip:..".
std::optional<std::uint64_t> UserHash(const Event& event);

}  // namespace mishap
