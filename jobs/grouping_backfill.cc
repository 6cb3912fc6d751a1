#include "jobs/grouping_backfill.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "storage/grouping_backfill.h"

namespace mishap {
namespace {

constexpr int kChunk = 500;
constexpr std::size_t kEventJsonBytesMax = 16u << 20;
constexpr std::int16_t kKindMessage = 2;

class Backfill {
 public:
  Backfill(Session& session, GroupingVersion version)
      : session_(session), version_(std::move(version)) {}

  // Returns how many samples were looked at.
  Result<int> Step(BackfillTask& task) {
    auto samples = ReadBackfillSamples(session_, task, kChunk);
    if (!samples) return Fail(samples.error());
    std::vector<BackfilledKey> keys;
    for (const BackfillSample& sample : *samples) {
      if (auto key = KeyOf(task, sample)) keys.push_back(*key);
    }
    const bool is_done = samples->size() < static_cast<std::size_t>(kChunk);
    const std::int64_t upto = samples->empty() ? task.after_row : samples->back().row;
    auto made = WriteBackfill(session_, task, keys, upto, is_done);
    if (!made) return Fail(made.error());
    made_ += *made;
    task.after_row = upto;
    if (is_done) {
      Log(LogLevel::kInfo, "grouping_backfilled",
          {{"project", task.project.value},
           {"version", std::int64_t{task.setup.version}},
           {"keys", made_}});
    }
    return static_cast<int>(samples->size());
  }

 private:
  // A sample that cannot be read has no key: its row is served by the transition alone.
  std::optional<BackfilledKey> KeyOf(const BackfillTask& task, const BackfillSample& sample) {
    auto json = codec_.Decompress(sample.payload, kEventJsonBytesMax);
    if (!json) return std::nullopt;
    auto event = reader_.Read(*json);
    if (!event) return std::nullopt;
    const Grouped grouped = version_.Group(*event);
    const bool same_algorithm = task.setup.algorithm == task.previous_algorithm;
    // A rule of the project names groups of its own: it takes nothing over.
    if (same_algorithm && grouped.by_project_rule) return std::nullopt;
    BackfilledKey key;
    key.row = sample.row;
    key.algorithm = version_.Algorithm().StoredId();
    const GroupingKeys& keys = grouped.keys;
    if (sample.kind == kKindMessage && keys.message && !keys.by_message) {
      key.kind = kKindMessage;
      key.hash = *keys.message;
      key.site = keys.site;
    } else {
      key.kind = static_cast<std::int16_t>(keys.DecidingKind());
      key.hash = keys.Deciding();
      if (!keys.weak && !keys.custom && !keys.by_message) key.alias = keys.alias;
    }
    const bool is_same =
        key.algorithm == sample.algorithm && key.kind == sample.kind && key.hash == sample.hash;
    if (is_same) return std::nullopt;
    return key;
  }

  Session& session_;
  const GroupingVersion version_;
  PayloadCodec codec_;
  EventReader reader_;
  std::int64_t made_ = 0;
};

}  // namespace

Status BackfillGroupings(Session& session, const AlgorithmFinder& find) {
  int left = kBackfillSamplesMax;
  while (left > 0) {
    auto task = NextBackfill(session);
    if (!task) return Fail(task.error());
    if (!*task) return {};
    auto version = GroupingVersion::Compile((*task)->setup, find);
    if (!version) {
      // The digest goes on with the version before; there is nothing to take over.
      auto closed = WriteBackfill(session, **task, {}, (*task)->after_row, true);
      if (!closed) return Fail(closed.error());
      continue;
    }
    Backfill backfill(session, std::move(*version));
    int looked = kChunk;
    while (looked == kChunk && left > 0) {
      auto step = backfill.Step(**task);
      if (!step) return Fail(step.error());
      looked = *step;
      left -= looked + 1;
    }
  }
  return {};
}

}  // namespace mishap
