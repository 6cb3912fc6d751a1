// One spool record to what the transaction needs of it: one case per record type (decisions 1.7).
// An unknown type or bytes that cannot be read become a dead letter, never an error: the batch goes
// on.
#pragma once

#include <memory>

#include "digest/prepare.h"
#include "digest/prepared_batch.h"
#include "spool/spool.h"

namespace mishap {

// One per worker thread.
class RecordPreparer {
 public:
  virtual ~RecordPreparer() = default;
  virtual PreparedRecord Prepare(const SpoolRecord& record) = 0;
};

std::unique_ptr<RecordPreparer> MakeRecordPreparer(const PayloadCodec& codec,
                                                   ProjectGroupings groupings,
                                                   const DigestWriter& writer);

}  // namespace mishap
