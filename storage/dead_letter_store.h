// Records the digest gave up on (decisions 1.6). Retrying means: take the payload out here and
// append it to a spool; that append is the caller's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct DeadLetterRow {
  ProjectId project;
  SpoolId spool;
  std::uint64_t seq = 0;
  std::uint8_t type = 0;
  std::string reason;
  std::string detail;
  Timestamp created_at;
  std::uint64_t payload_bytes = 0;
  std::string payload;  // empty in lists
};

// Newest first, payloads left out.
Result<std::vector<DeadLetterRow>> ListDeadLetters(Session& session, int rows_max);
Result<DeadLetterRow> ShowDeadLetter(Session& session, SpoolId spool,
                                     std::uint64_t seq);  // not_found
// Deletes it; to be called once its payload is durable elsewhere. Errors: not_found.
Status DeleteDeadLetter(Session& session, SpoolId spool, std::uint64_t seq);

}  // namespace mishap
