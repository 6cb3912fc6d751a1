// LocalSpool's reading side: from memory when the reader is close behind, else from the files,
// always verified.
#include <utility>

#include "base/log.h"
#include "spool/local_spool.h"

namespace mishap {
namespace {

// A group in memory was encoded by us: no checksums.
std::vector<RecordView> ViewsOf(std::string_view bytes) {
  std::vector<RecordView> views;
  while (auto record = PeekRecord(bytes)) {
    views.push_back(*record);
    bytes.remove_prefix(record->EncodedBytes());
  }
  return views;
}

// What is left of a decayed run whose bytes start at `begin`.
std::vector<RecordRun> RunsOf(const std::vector<RecordView>& views, std::string_view bytes,
                              std::uint64_t begin) {
  std::vector<RecordRun> runs;
  for (const RecordView& view : views) {
    auto offset = static_cast<std::uint64_t>(view.payload.data() - bytes.data());
    const std::uint64_t at = begin + offset - kRecordHeaderBytes;
    if (runs.empty() || runs.back().place.end != at || runs.back().last_seq + 1 != view.seq) {
      runs.push_back({view.seq, view.seq, {at, at}});
    }
    runs.back().last_seq = view.seq;
    runs.back().place.end = at + view.EncodedBytes();
  }
  return runs;
}

}  // namespace

// A batch under construction. Always takes one record, so that the reader gets on.
class LocalSpool::Batch {
 public:
  Batch(std::size_t records_max, std::size_t bytes_max)
      : records_max_(records_max), bytes_max_(bytes_max) {}

  void Add(const RecordView& view) {
    full_ = full_ || records_.size() >= records_max_ ||
            (!records_.empty() && bytes_ + view.payload.size() > bytes_max_);
    if (full_) return;
    bytes_ += view.payload.size();
    records_.push_back({view.seq, view.type, ProjectId{view.project}, std::string(view.payload)});
  }
  bool IsFull() const { return full_ || records_.size() >= records_max_; }
  bool IsEmpty() const { return records_.empty(); }
  std::vector<SpoolRecord> Take() { return std::move(records_); }

 private:
  const std::size_t records_max_;
  const std::size_t bytes_max_;
  std::vector<SpoolRecord> records_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

Result<std::vector<SpoolRecord>> LocalSpool::Read(std::uint64_t from, std::size_t records_max,
                                                  std::size_t bytes_max,
                                                  std::chrono::milliseconds wait) {
  Batch batch(records_max, bytes_max);
  // Again only when everything from `from` on has decayed and was dropped from the index.
  while (batch.IsEmpty() && records_max > 0 && index_.WaitFor(from, wait)) {
    Status status = Fill(from, batch);
    if (!status && batch.IsEmpty()) return Fail(status.error());
  }
  return batch.Take();
}

Status LocalSpool::Fill(std::uint64_t from, Batch& batch) {
  std::uint64_t next = from;
  while (!batch.IsFull()) {
    auto source = index_.Find(next);
    if (!source) return {};
    if (Status status = TakeFrom(*source, next, batch); !status) return status;
    next = source->run.last_seq + 1;
  }
  return {};
}

// A disk that cannot be read is an error and nothing is skipped: the reader tries again. Bytes that
// were read but are not what was written are skipped, kept in quarantine and counted.
Status LocalSpool::TakeFrom(const RecordSource& source, std::uint64_t from, Batch& batch) {
  std::string file_bytes;
  if (!source.bytes) {
    auto read = env_.Read(directory_ + "/" + source.segment, source.run.place.begin,
                          source.run.place.Bytes());
    // Not found: released meanwhile, or taken away by somebody.
    if (!read && read.error().reason != Reason::kNotFound) return Fail(read.error());
    if (read) file_bytes = *std::move(read);
  }
  const std::vector<RecordView> views =
      source.bytes ? ViewsOf(*source.bytes) : ScanRun(file_bytes, source.run, source.salt);
  if (views.size() != source.run.last_seq - source.run.first_seq + 1) {
    DropDecayed(source, RunsOf(views, file_bytes, source.run.place.begin));
  }
  for (const RecordView& view : views) {
    if (view.seq >= from) batch.Add(view);
  }
  return {};
}

void LocalSpool::DropDecayed(const RecordSource& source, std::vector<RecordRun> left) {
  if (!index_.ReplaceRun(source, std::move(left))) return;  // released meanwhile
  decayed_runs_.fetch_add(1);
  Log(LogLevel::kError, "spool_records_decayed",
      {{"file", directory_ + "/" + source.segment},
       {"offset", source.run.place.begin},
       {"bytes", source.run.place.Bytes()}});
  Status kept = QuarantineRange(env_, directory_, source.segment, source.run.place);
  if (kept) return;
  Log(LogLevel::kWarning, "spool_quarantine_failed", {{"detail", kept.error().detail}});
}

}  // namespace mishap
