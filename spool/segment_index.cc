#include "spool/segment_index.h"

#include <algorithm>
#include <utility>

namespace mishap {

void SegmentIndex::AddRecovered(const SegmentFile& file) {
  std::lock_guard lock(mutex_);
  segments_.push_back({file.name, file.header.salt, file.bytes, file.scan.runs});
  CountUnreleased();
}

void SegmentIndex::AddGroup(const DurableGroup& group) {
  {
    std::lock_guard lock(mutex_);
    if (segments_.empty() || segments_.back().name != group.segment) {
      segments_.push_back({group.segment, group.header.salt, 0, {}});
      unreleased_bytes_ += group.run.place.begin;
    }
    Segment& segment = segments_.back();
    segment.bytes = group.run.place.end;
    unreleased_bytes_ += group.run.place.Bytes();
    auto& runs = segment.runs;
    if (!runs.empty() && runs.back().place.Bytes() + group.run.place.Bytes() <= kRunBytesMax) {
      runs.back().last_seq = group.run.last_seq;
      runs.back().place.end = group.run.place.end;
    } else {
      runs.push_back(group.run);
    }
    recent_.push_back({group.segment, group.header.salt, group.run, group.bytes});
    recent_bytes_ += group.bytes->size();
    while (recent_bytes_ > kRecentBytesMax) {
      recent_bytes_ -= recent_.front().bytes->size();
      recent_.pop_front();
    }
  }
  grown_.notify_all();
}

std::optional<RecordSource> SegmentIndex::Find(std::uint64_t from) const {
  std::lock_guard lock(mutex_);
  if (!HasFrom(from)) return {};
  if (!recent_.empty() && from >= recent_.front().run.first_seq) {
    auto group = std::lower_bound(
        recent_.begin(), recent_.end(), from,
        [](const RecordSource& source, std::uint64_t seq) { return source.run.last_seq < seq; });
    if (group != recent_.end()) return *group;
  }
  auto segment = std::lower_bound(
      segments_.begin(), segments_.end(), from,
      [](const Segment& candidate, std::uint64_t seq) { return candidate.LastSeq() < seq; });
  auto run = std::lower_bound(
      segment->runs.begin(), segment->runs.end(), from,
      [](const RecordRun& candidate, std::uint64_t seq) { return candidate.last_seq < seq; });
  return RecordSource{segment->name, segment->salt, *run, nullptr};
}

bool SegmentIndex::WaitFor(std::uint64_t from, std::chrono::milliseconds wait) const {
  std::unique_lock lock(mutex_);
  // By the steady clock: a wall clock that is set back an hour would hold a stop up for an hour.
  grown_.wait_for(lock, wait, [&] { return closed_ || HasFrom(from); });
  return HasFrom(from);
}

void SegmentIndex::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  grown_.notify_all();
}

bool SegmentIndex::ReplaceRun(const RecordSource& source, std::vector<RecordRun> runs) {
  std::lock_guard lock(mutex_);
  for (auto segment = segments_.begin(); segment != segments_.end(); ++segment) {
    if (segment->name != source.segment) continue;
    auto old = std::find_if(segment->runs.begin(), segment->runs.end(),
                            [&](const RecordRun& run) { return run.place == source.run.place; });
    if (old == segment->runs.end()) return false;
    auto at = segment->runs.erase(old);
    segment->runs.insert(at, runs.begin(), runs.end());
    if (segment->runs.empty()) segments_.erase(segment);
    return true;
  }
  return false;
}

std::vector<std::string> SegmentIndex::Release(std::uint64_t seq) {
  std::lock_guard lock(mutex_);
  if (seq <= released_seq_) return {};
  released_seq_ = seq;
  std::vector<std::string> names;
  while (segments_.size() > 1 && segments_.front().LastSeq() < seq) {
    names.push_back(std::move(segments_.front().name));
    segments_.pop_front();
  }
  while (!recent_.empty() && recent_.front().run.last_seq < seq) {
    recent_bytes_ -= recent_.front().bytes->size();
    recent_.pop_front();
  }
  CountUnreleased();
  return names;
}

// By whole segments, but one that holds nothing unreleased counts nothing: else a small limit could
// never be left.
void SegmentIndex::CountUnreleased() {
  unreleased_bytes_ = 0;
  for (const Segment& segment : segments_) {
    if (segment.LastSeq() >= released_seq_) unreleased_bytes_ += segment.bytes;
  }
}

std::uint64_t SegmentIndex::UnreleasedBytes() const {
  std::lock_guard lock(mutex_);
  return unreleased_bytes_;
}

std::uint64_t SegmentIndex::OldestSeq() const {
  std::lock_guard lock(mutex_);
  return segments_.empty() ? 0 : segments_.front().runs.front().first_seq;
}

std::uint64_t SegmentIndex::SegmentCount() const {
  std::lock_guard lock(mutex_);
  return segments_.size();
}

}  // namespace mishap
