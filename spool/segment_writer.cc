#include "spool/segment_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace mishap {
namespace {

constexpr int kNameAttemptsMax = 16;

std::uint64_t RecordCount(const std::vector<PendingAppend>& group) {
  std::uint64_t count = 0;
  for (const PendingAppend& append : group) count += append.records.size();
  return count;
}

std::uint64_t ByteCount(const std::vector<PendingAppend>& group) {
  std::uint64_t bytes = 0;
  for (const PendingAppend& append : group) bytes += append.bytes;
  return bytes;
}

std::string Encode(const std::vector<PendingAppend>& group, std::uint64_t seq, std::uint64_t salt) {
  std::string out;
  out.reserve(ByteCount(group));
  for (const PendingAppend& append : group) {
    for (std::size_t i = 0; i < append.records.size(); ++i) {
      const NewRecord& record = append.records[i];
      unsigned flags = 0;
      if (i == 0) flags |= kBeginsEnvelope;
      if (i + 1 == append.records.size()) flags |= kEndsEnvelope;
      if (out.empty()) flags |= kBeginsGroup;
      AppendEncodedRecord(out,
                          {seq++, record.project.value, static_cast<std::uint8_t>(record.type),
                           static_cast<std::uint8_t>(flags), record.payload},
                          salt);
    }
  }
  return out;
}

}  // namespace

SegmentWriter::SegmentWriter(Env& env, std::string directory, SpoolId spool, Random& random,
                             std::uint64_t segment_bytes, std::uint64_t next_number)
    : env_(env),
      directory_(std::move(directory)),
      spool_(spool),
      random_(random),
      segment_bytes_(segment_bytes),
      next_number_(next_number) {}

Result<DurableGroup> SegmentWriter::Write(const std::vector<PendingAppend>& group,
                                          std::uint64_t first_seq) {
  const std::uint64_t bytes = ByteCount(group);
  if (file_ && durable_bytes_ + bytes > segment_bytes_) Seal();
  const bool is_new_file = !file_;
  if (is_new_file) {
    if (Status status = Start(first_seq, bytes); !status) return Fail(status.error());
  }
  auto encoded = std::make_shared<const std::string>(Encode(group, first_seq, header_.salt));
  if (Status status = WriteAndSync(*encoded, is_new_file); !status) {
    Abandon();
    return Fail(status.error());
  }
  const std::uint64_t begin = durable_bytes_;
  durable_bytes_ += encoded->size();
  RecordRun run{first_seq, first_seq + RecordCount(group) - 1, {begin, durable_bytes_}};
  return DurableGroup{name_, header_, run, std::move(encoded)};
}

Status SegmentWriter::Start(std::uint64_t first_seq, std::uint64_t group_bytes) {
  header_ = {spool_, 0, first_seq, random_.Uint64()};
  const std::uint64_t reserve = std::max(segment_bytes_, kSegmentDataOffset + group_bytes);
  for (int attempt = 0; attempt < kNameAttemptsMax; ++attempt) {
    header_.number = next_number_++;
    name_ = SegmentName(header_.number);
    auto file = env_.Create(Path(), reserve);
    // Somebody's file with this name stays; ours takes the next number.
    if (!file && file.error().reason == Reason::kConflict) continue;
    if (!file) return Fail(file.error());
    file_ = *std::move(file);
    durable_bytes_ = kSegmentDataOffset;
    Status status = file_->Append(EncodeSegmentHead(header_));
    if (!status) Abandon();
    return status;
  }
  return Fail(Reason::kUnavailable, directory_ + " holds files with the names of new segments");
}

Status SegmentWriter::WriteAndSync(std::string_view bytes, bool is_new_file) {
  Status status = file_->Append(bytes);
  if (status) status = file_->Sync();
  if (status && is_new_file) status = env_.SyncDirectory(directory_);
  return status;
}

void SegmentWriter::Seal() {
  if (!file_) return;
  file_.reset();
  // Frees the reserved rest; harmless if it fails.
  (void)env_.Truncate(Path(), durable_bytes_);
}

// What failed may be in the page cache and never reach the disk, or the other way round. Cutting it
// off keeps a restart from handing it out; nothing depends on that: its sequences are not used
// again.
void SegmentWriter::Abandon() {
  file_.reset();
  Status status = durable_bytes_ > kSegmentDataOffset ? env_.Truncate(Path(), durable_bytes_)
                                                      : env_.Remove(Path());
  Log(LogLevel::kError, "spool_segment_abandoned",
      {{"file", Path()}, {"kept_bytes", durable_bytes_}, {"cut", status.has_value()}});
}

}  // namespace mishap
