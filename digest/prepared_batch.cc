#include "digest/prepared_batch.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "event/record.h"
#include "event/typed_record.h"

namespace mishap {
namespace {

constexpr std::size_t kDetailBytesMax = 2000;

// UTF-8 without NUL: a dead letter must never be poison itself.
std::string SafeText(std::string_view text) {
  std::string out = RepairUtf8(text);
  std::replace(out.begin(), out.end(), '\0', ' ');
  return std::string(Utf8Prefix(out, kDetailBytesMax));
}

}  // namespace

DeadLetter MakeDeadLetter(const SpoolRecord& record, std::string reason, std::string_view detail) {
  DeadLetter out;
  out.seq = record.seq;
  out.project = record.project;
  out.type = record.type;
  out.detail = SafeText(detail);
  out.payload = record.payload;
  if (record.type == static_cast<std::uint8_t>(RecordType::kEvent) && reason != "crash") {
    if (auto event = DecodeEventRecord(record.payload)) {
      out.key = event->key;
      out.category = event->category;
    }
  }
  const auto type = static_cast<RecordType>(record.type);
  if (IsTyped(type) && reason != "crash") {
    if (auto typed = DecodeTypedRecord(type, record.payload)) {
      out.key = typed->key;
      out.category = CategoryOf(typed->body);
      out.quantity = QuantityOf(typed->body);
    }
  }
  out.reason = std::move(reason);
  return out;
}

PreparedBatch::PreparedBatch(SpoolId spool, std::uint64_t expected_seq) {
  batch_.spool = spool;
  batch_.expected_seq = expected_seq;
  batch_.next_seq = expected_seq;
}

void PreparedBatch::Add(SpoolRecord record, PreparedRecord prepared) {
  batch_.next_seq = record.seq + 1;
  if (auto* event = std::get_if<DigestEvent>(&prepared)) {
    batch_.events.push_back(std::move(*event));
  } else if (auto* typed = std::get_if<DigestTyped>(&prepared)) {
    batch_.typed.push_back(std::move(*typed));
  } else if (auto* letter = std::get_if<DeadLetter>(&prepared)) {
    batch_.dead_letters.push_back(std::move(*letter));
  } else {
    for (OutcomeCount& count : std::get<std::vector<OutcomeCount>>(prepared)) {
      batch_.outcomes.push_back(std::move(count));
      outcome_seqs_.push_back(record.seq);
    }
  }
  records_.push_back(std::move(record));
}

std::pair<PreparedBatch, PreparedBatch> PreparedBatch::Split() && {
  const std::size_t half = records_.size() / 2;
  const std::uint64_t middle = records_[half].seq;
  std::pair<PreparedBatch, PreparedBatch> out{PreparedBatch(batch_.spool, batch_.expected_seq),
                                              PreparedBatch(batch_.spool, middle)};
  auto side = [&](std::uint64_t seq) -> PreparedBatch& {
    return seq < middle ? out.first : out.second;
  };
  for (DigestEvent& event : batch_.events) {
    DigestBatch& batch = side(event.seq).batch_;
    batch.events.push_back(std::move(event));
  }
  for (DigestTyped& typed : batch_.typed) {
    DigestBatch& batch = side(typed.seq).batch_;
    batch.typed.push_back(std::move(typed));
  }
  for (DeadLetter& letter : batch_.dead_letters) {
    DigestBatch& batch = side(letter.seq).batch_;
    batch.dead_letters.push_back(std::move(letter));
  }
  for (std::size_t i = 0; i < batch_.outcomes.size(); ++i) {
    PreparedBatch& target = side(outcome_seqs_[i]);
    target.batch_.outcomes.push_back(std::move(batch_.outcomes[i]));
    target.outcome_seqs_.push_back(outcome_seqs_[i]);
  }
  for (SpoolRecord& record : records_) {
    PreparedBatch& target = side(record.seq);
    target.records_.push_back(std::move(record));
  }
  // `middle`, not the last record + 1: there may be a gap between the halves.
  out.first.batch_.next_seq = middle;
  out.second.batch_.next_seq = batch_.next_seq;
  return out;
}

void PreparedBatch::GiveUp(std::string reason, std::string detail) {
  batch_.events.clear();
  batch_.typed.clear();
  batch_.outcomes.clear();
  outcome_seqs_.clear();
  batch_.dead_letters.clear();
  batch_.dead_letters.push_back(MakeDeadLetter(records_.front(), std::move(reason), detail));
}

}  // namespace mishap
