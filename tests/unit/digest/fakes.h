// In-memory ports for the digest's unit tests: a spool, a database that dedupes and fences like the
// real one and refuses what it is told to, and a preparer that reads one-word payloads. Not mocks:
// the tests look at what they hold at the end.
#pragma once

#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "digest/record_preparer.h"
#include "event/record.h"
#include "spool/spool.h"
#include "storage/digest_writer.h"

namespace mishap::testing {

inline SpoolId SomeSpoolId() {
  SpoolId id;
  id.bytes.fill(7);
  return id;
}

inline EventId EventIdOf(std::uint64_t seq) {
  EventId id;
  std::memcpy(id.bytes.data(), &seq, sizeof seq);
  return id;
}

inline SpoolRecord RecordOf(std::uint64_t seq, std::string payload = "event",
                            RecordType type = RecordType::kEvent) {
  return {seq, static_cast<std::uint8_t>(type), ProjectId{1}, std::move(payload)};
}

class FixedClock final : public Clock {
 public:
  Timestamp Now() const override { return Timestamp{1'000'000 * kMicrosPerSecond}; }
  std::chrono::steady_clock::time_point Steady() const override { return {}; }
};

class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    std::lock_guard lock(mutex_);
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    for (std::size_t i = 0; i < bytes; ++i) {
      static_cast<unsigned char*>(out)[i] = static_cast<unsigned char>(state_ >> (8 * (i % 8)));
    }
  }

 private:
  std::mutex mutex_;
  std::uint64_t state_ = 1;
};

class FakeSpool final : public Spool {
 public:
  // Records first..last, all events.
  void Fill(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t seq = first; seq <= last; ++seq) Put(RecordOf(seq));
  }
  void Put(SpoolRecord record) {
    {
      std::lock_guard lock(mutex_);
      next_ = record.seq + 1;
      records_[record.seq] = std::move(record);
    }
    arrived_.notify_all();
  }
  std::uint64_t Released() const {
    std::lock_guard lock(mutex_);
    return released_;
  }
  void RefuseAdvance() { refuse_advance_ = true; }

  SpoolId Identity() const override { return SomeSpoolId(); }
  RecoveryReport Recovery() const override { return {}; }
  SpoolStats Stats() const override {
    std::lock_guard lock(mutex_);
    SpoolStats stats;
    stats.next_seq = next_;
    stats.oldest_seq = records_.empty() ? next_ : records_.begin()->first;
    stats.bytes = records_.size();
    return stats;
  }
  Status Append(std::vector<NewRecord>, AppendDone) override {
    return Fail(Reason::kInternal, "not used here");
  }
  Status AdvanceTo(std::uint64_t seq) override {
    std::lock_guard lock(mutex_);
    if (refuse_advance_) return Fail(Reason::kConflict, "records were appended already");
    next_ = std::max(next_, seq);
    return {};
  }
  Result<std::vector<SpoolRecord>> Read(std::uint64_t from, std::size_t records_max,
                                        std::size_t bytes_max,
                                        std::chrono::milliseconds wait) override {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, wait, [&] { return records_.lower_bound(from) != records_.end(); });
    std::vector<SpoolRecord> out;
    std::size_t bytes = 0;
    for (auto it = records_.lower_bound(from); it != records_.end(); ++it) {
      bytes += it->second.payload.size();
      if (out.size() >= records_max || (!out.empty() && bytes > bytes_max)) break;
      out.push_back(it->second);
    }
    return out;
  }
  void Release(std::uint64_t seq) override {
    std::lock_guard lock(mutex_);
    released_ = std::max(released_, seq);
  }
  bool IsWritable() const override { return true; }
  void Close() override {}

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::uint64_t, SpoolRecord> records_;
  std::uint64_t next_ = 1;
  std::uint64_t released_ = 0;
  std::atomic<bool> refuse_advance_{false};
};

// What a commit is answered with instead of being done; taken in order, one a call.
struct Refusal {
  CommitFailure::Kind kind = CommitFailure::Kind::kRetry;
  bool but_commit = false;  // the answer got lost, the commit did not
};

class FakeWriter final : public DigestWriter {
 public:
  Result<std::uint64_t> Position(SpoolId, std::uint64_t first_seq) override {
    std::lock_guard lock(mutex_);
    ++position_calls;
    if (position_failures > 0) {
      --position_failures;
      return Fail(Reason::kUnavailable, "connection refused");
    }
    if (position == 0) position = first_seq;
    return position;
  }

  tl::expected<DigestCommit, CommitFailure> Commit(const DigestBatch& batch) override {
    if (before_commit) before_commit(batch);
    std::lock_guard lock(mutex_);
    ++commit_calls;
    if (!refusals.empty()) {
      const Refusal refusal = refusals.front();
      refusals.pop_front();
      if (refusal.but_commit) Store(batch);
      return tl::unexpected(CommitFailure{refusal.kind, "08006", "server closed the connection"});
    }
    if (position != batch.expected_seq) {
      return tl::unexpected(CommitFailure{CommitFailure::Kind::kFenced, "", "the fence"});
    }
    for (const DigestEvent& event : batch.events) {
      if (poison.count(event.seq) != 0) {
        return tl::unexpected(CommitFailure{CommitFailure::Kind::kData, "22021", "invalid byte"});
      }
    }
    return Store(batch);
  }

  bool IsKnown(ProjectId, std::int16_t, std::int16_t, const Hash128&) const override {
    return known.load();
  }

  std::set<std::uint64_t> StoredSeqs() const {
    std::lock_guard lock(mutex_);
    return {stored.begin(), stored.end()};
  }

  mutable std::mutex mutex_;
  std::uint64_t position = 0;  // 0: unknown spool
  int position_failures = 0;
  std::deque<Refusal> refusals;
  std::set<std::uint64_t> poison;  // seqs of events the database refuses
  std::function<void(const DigestBatch&)> before_commit;
  std::atomic<bool> known{false};

  int position_calls = 0;
  int commit_calls = 0;
  std::vector<std::uint64_t> stored;  // in the order of commits
  std::vector<DeadLetter> dead_letters;
  std::int64_t outcome_quantity = 0;
  std::vector<std::uint64_t> outcomes_until;  // next_seq of the batch each count came with
  std::uint64_t duplicates = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> commits;  // expected, next

 private:
  DigestCommit Store(const DigestBatch& batch) {
    DigestCommit commit;
    for (const DigestEvent& event : batch.events) {
      if (!seen_.insert(ToHex(event.event_id)).second) {
        ++commit.duplicates;
        continue;
      }
      ++commit.stored;
      stored.push_back(event.seq);
    }
    duplicates += commit.duplicates;
    for (const DeadLetter& letter : batch.dead_letters) dead_letters.push_back(letter);
    for (const OutcomeCount& count : batch.outcomes) {
      outcome_quantity += count.quantity;
      outcomes_until.push_back(batch.next_seq);
    }
    position = batch.next_seq;
    commits.emplace_back(batch.expected_seq, batch.next_seq);
    return commit;
  }

  std::set<std::string> seen_;
};

// "event" becomes an event with the id of its seq, kOutcomes a count of one, any other payload a
// dead letter.
class WordPreparer final : public RecordPreparer {
 public:
  explicit WordPreparer(std::function<void(const SpoolRecord&)> before = {})
      : before_(std::move(before)) {}

  PreparedRecord Prepare(const SpoolRecord& record) override {
    if (before_) before_(record);
    if (record.type == static_cast<std::uint8_t>(RecordType::kOutcomes)) {
      return std::vector<OutcomeCount>(1);
    }
    if (record.payload != "event")
      return MakeDeadLetter(record, "undecodable", "not a word I know");
    DigestEvent event;
    event.seq = record.seq;
    event.project = record.project;
    event.event_id = EventIdOf(record.seq);
    return event;
  }

 private:
  std::function<void(const SpoolRecord&)> before_;
};

}  // namespace mishap::testing
