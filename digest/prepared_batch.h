// A batch after the workers: what becomes one transaction, together with the records it was made
// of, so that it can be cut in two or give one record up to dead_letter. Plain data; who decides to
// cut is digest/batch_committer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "event/outcome.h"
#include "spool/spool.h"
#include "storage/digest_batch.h"

namespace mishap {

// What one record turned into.
using PreparedRecord =
    std::variant<DigestEvent, DigestTyped, std::vector<OutcomeCount>, DeadLetter>;

class PreparedBatch {
 public:
  PreparedBatch(SpoolId spool, std::uint64_t expected_seq);

  // In the order of the spool. Moves the fence's target to record.seq + 1.
  void Add(SpoolRecord record, PreparedRecord prepared);

  // What the writer takes.
  const DigestBatch& Batch() const { return batch_; }
  std::size_t RecordCount() const { return records_.size(); }
  bool IsDeadLetterOnly() const { return batch_.dead_letters.size() == records_.size(); }

  // Cuts this batch (of at least two records) into its first and its second half. The second half's
  // fence expects what the first leaves; together they cover what this batch covered.
  std::pair<PreparedBatch, PreparedBatch> Split() &&;

  // This batch must hold one record: it becomes a dead letter with the record's own bytes.
  void GiveUp(std::string reason, std::string detail);

 private:
  DigestBatch batch_;
  std::vector<SpoolRecord> records_;
  std::vector<std::uint64_t>
      outcome_seqs_;  // parallel to batch_.outcomes: OutcomeCount does not know its record
};

// A dead letter with the record's bytes, the key and category when they can be read (not for reason
// "crash": those bytes are not looked at again). detail is made safe for PostgreSQL's text.
DeadLetter MakeDeadLetter(const SpoolRecord& record, std::string reason, std::string_view detail);

}  // namespace mishap
