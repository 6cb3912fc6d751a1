// Stand-ins for what lies around the door: a clock that stands still, a spool in memory that can
// refuse or hold its answers, a directory with two projects, a stage that keeps the JSON as it is.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "event/event_json.h"
#include "event/json_tree.h"
#include "event/record.h"
#include "ingest/event_stage.h"
#include "spool/spool.h"

namespace mishap {

class StillClock final : public Clock {
 public:
  Timestamp Now() const override { return now; }
  std::chrono::steady_clock::time_point Steady() const override { return {}; }

  Timestamp now{1'777'629'600 * kMicrosPerSecond};  // 2026-05-01T10:00:00Z
};

class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < bytes; ++i) {
      static_cast<unsigned char*>(out)[i] = static_cast<unsigned char>(next_++ * 37);
    }
  }

 private:
  std::mutex mutex_;
  unsigned next_ = 1;
};

class MemorySpool final : public Spool {
 public:
  enum class Mode { kAnswer, kHold, kRefuse, kFail };

  Status Append(std::vector<NewRecord> records, AppendDone done) override {
    std::unique_lock lock(mutex_);
    if (mode == Mode::kRefuse) return Fail(Reason::kOverloaded, "the spool is full");
    if (mode == Mode::kHold) {
      held_.push_back(std::move(done));
      held_one_.notify_all();
      return {};
    }
    bool fail = mode == Mode::kFail;
    if (!fail) {
      groups.push_back(records.size());
      for (NewRecord& record : records) all.push_back(std::move(record));
    }
    lock.unlock();
    done(fail ? Status(Fail(Reason::kUnavailable, "the disk is gone")) : Status());
    return {};
  }
  // Waits until an append is held back, then hands it over.
  AppendDone WaitForHeld() {
    std::unique_lock lock(mutex_);
    held_one_.wait(lock, [this] { return !held_.empty(); });
    AppendDone done = std::move(held_.back());
    held_.pop_back();
    return done;
  }
  std::vector<OutcomeCount> Outcomes() const {
    std::vector<OutcomeCount> counts;
    for (const NewRecord& record : all) {
      if (record.type != RecordType::kOutcomes) continue;
      auto decoded = DecodeOutcomesRecord(record.payload);
      if (decoded) counts.insert(counts.end(), decoded->counts.begin(), decoded->counts.end());
    }
    return counts;
  }
  std::vector<EventRecord> Events() const {
    std::vector<EventRecord> events;
    for (const NewRecord& record : all) {
      if (record.type != RecordType::kEvent) continue;
      if (auto decoded = DecodeEventRecord(record.payload)) events.push_back(*decoded);
    }
    return events;
  }

  SpoolId Identity() const override { return {}; }
  RecoveryReport Recovery() const override { return {}; }
  SpoolStats Stats() const override { return {}; }
  Status AdvanceTo(std::uint64_t) override { return {}; }
  Result<std::vector<SpoolRecord>> Read(std::uint64_t, std::size_t, std::size_t,
                                        std::chrono::milliseconds) override {
    return std::vector<SpoolRecord>();
  }
  void Release(std::uint64_t) override {}
  bool IsWritable() const override { return true; }
  void Close() override {}

  Mode mode = Mode::kAnswer;
  std::vector<NewRecord> all;
  std::vector<std::size_t> groups;  // records of each append

 private:
  std::mutex mutex_;
  std::condition_variable held_one_;
  std::vector<AppendDone> held_;
};

class TwoProjects final : public ProjectDirectory {
 public:
  TwoProjects() {
    auto snapshot = std::make_shared<DirectorySnapshot>();
    for (std::int64_t id : {42, 43}) {
      ProjectEntry& project = snapshot->projects[ProjectId{id}];
      project.id = ProjectId{id};
      KeyEntry& key = snapshot->keys[std::string(32, id == 42 ? 'a' : 'b')];
      key.id = KeyId{id * 10};
      key.project = ProjectId{id};
      key.rate_limit_count = id == 43 ? 1 : 0;
      key.rate_limit_window_s = id == 43 ? 60 : 0;
    }
    snapshot_ = std::move(snapshot);
  }
  std::shared_ptr<const DirectorySnapshot> Current() const override { return snapshot_; }
  bool IsAuthoritative() const override { return authoritative; }
  bool authoritative = true;

 private:
  std::shared_ptr<const DirectorySnapshot> snapshot_;
};

// Keeps the JSON; throws on the message "throw".
class PlainStage final : public EventStage {
 public:
  explicit PlainStage(EventContext* last) : last_(last) {}
  Result<ReadyEvent> Run(std::string_view json, const EventContext& context) override {
    if (json.find("\"throw\"") != std::string_view::npos) throw std::runtime_error("a bug");
    auto root = tree_.Parse(json);
    if (!root) return Fail(root.error());
    if (!root->IsObject()) return Fail(Reason::kInvalidJson, "the event is not a JSON object");
    *last_ = context;
    ReadyEvent ready;
    ready.id = context.envelope_event_id;
    root->EachMember([&](std::string_view key, JsonValue value) {
      if (key != "event_id" || !ready.id.IsNil() || !value.IsString()) return;
      if (auto id = ParseId128<EventId>(value.Text())) ready.id = *id;
    });
    if (ready.id.IsNil()) ready.id.bytes[15] = 1;
    ready.canonical_json = json;
    return ready;
  }
  Result<ReadyEvent> RunRead(Event event, const EventContext& context) override {
    return Run(WriteEventJson(event), context);
  }

 private:
  EventContext* last_;
  JsonTree tree_;
};

}  // namespace mishap
