#include "storage/grouping_backfill.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crash_point.h"
#include "storage/read_rows.h"

namespace mishap {
namespace {

constexpr std::int16_t kKindMessage = 2;

// '{"\\xab.."}' for bytea[]; nulls where there is none.
class BytesArray {
 public:
  void Add(const std::optional<Hash128>& hash) {
    if (!text_.empty()) text_ += ',';
    text_ += hash ? "\"\\\\x" + ToHex(*hash) + "\"" : "null";
  }
  std::string Text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

Hash128 HashOf(const std::string& bytes) {
  Hash128 hash;
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

// In two passes: texts point to the rows of their sites.
std::int64_t Insert(Work& work, const BackfillTask& task, const std::vector<BackfilledKey>& keys,
                    bool texts) {
  std::vector<std::int64_t> rows, algorithms, kinds;
  BytesArray hashes, aliases, sites;
  for (const BackfilledKey& key : keys) {
    if ((key.kind == kKindMessage) != texts) continue;
    rows.push_back(key.row);
    algorithms.push_back(key.algorithm);
    kinds.push_back(key.kind);
    hashes.Add(key.hash);
    aliases.Add(key.alias);
    sites.Add(key.site);
  }
  if (rows.empty()) return 0;
  const auto made =
      work.Run("backfill_insert", task.project, ArrayParam(rows), ArrayParam(algorithms),
               ArrayParam(kinds), hashes.Text(), aliases.Text(), sites.Text(), task.setup.version);
  if (!texts) {
    work.Run("backfill_aliases", task.project, ArrayParam(rows), ArrayParam(algorithms),
             aliases.Text());
  }
  return static_cast<std::int64_t>(made.size());
}

}  // namespace

Result<std::optional<BackfillTask>> NextBackfill(Session& session) {
  return Read(session, [](Work& work) {
    std::optional<BackfillTask> out;
    const auto rows = work.Run("backfill_next");
    if (rows.empty()) return out;
    const auto& row = rows[0];
    out.emplace();
    out->project = ProjectId{row["project_id"].as<std::int64_t>()};
    out->setup.version = row["version"].as<std::int32_t>();
    out->setup.algorithm = TextOf(row["algorithm"]);
    out->setup.stack_trace_rules = TextOf(row["stack_trace_rules"]);
    out->setup.fingerprint_rules = TextOf(row["fingerprint_rules"]);
    out->setup.options = TextOf(row["options"]);
    out->previous_algorithm = row["previous_algorithm"].is_null()
                                  ? GroupingSetup().algorithm
                                  : TextOf(row["previous_algorithm"]);
    out->after_row = row["backfilled_row"].as<std::int64_t>();
    return out;
  });
}

Result<std::vector<BackfillSample>> ReadBackfillSamples(Session& session, const BackfillTask& task,
                                                        int limit) {
  return Read(session, [&](Work& work) {
    std::vector<BackfillSample> out;
    for (const auto& row : work.Run("backfill_samples", task.project, task.after_row, limit)) {
      BackfillSample sample;
      sample.row = row["id"].as<std::int64_t>();
      sample.algorithm = static_cast<std::int16_t>(row["algorithm"].as<int>());
      sample.kind = static_cast<std::int16_t>(row["kind"].as<int>());
      sample.hash = HashOf(BytesOf(row["hash"]));
      sample.payload = BytesOf(row["payload"]);
      out.push_back(std::move(sample));
    }
    return out;
  });
}

Result<std::int64_t> WriteBackfill(Session& session, const BackfillTask& task,
                                   const std::vector<BackfilledKey>& keys, std::int64_t upto,
                                   bool is_done) {
  return Transact(session, [&](Work& work) {
    // The digest's order: the counter first.
    work.Run("regroup_lock_project", task.project);
    std::int64_t made = Insert(work, task, keys, false);
    made += Insert(work, task, keys, true);
    work.Run("backfill_progress", task.project, task.setup.version, upto, is_done);
    CrashPoint("backfill-before-commit");
    return made;
  });
}

}  // namespace mishap
