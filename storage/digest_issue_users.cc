// A step of a digest transaction: how many users an issue affects, from the sketches of its hash
// rows. A few rows are merged anew each time; an issue of many (a flood of them) keeps the merged
// sketch beside theirs, so that a batch costs the same however many there are. The issues are
// locked.
#include "storage/digest_transaction.h"

namespace mishap {
namespace {

// Above this many hash rows the merged sketch is kept.
constexpr std::int64_t kRowsMergedMax = 64;
// The first merge of a wide issue, and the one after hash rows have left it.
constexpr std::int64_t kNoLimit = 1'000'000'000;

using GrownIssues = std::map<RowKey, std::set<std::uint64_t>>;
using IssueSketches = std::map<RowKey, UserSketch>;

struct Columns {
  PqArray projects{PqArray::Type::kInt8}, issues{PqArray::Type::kInt8};

  void Add(const RowKey& issue) {
    projects.Int8(issue.first);
    issues.Int8(issue.second);
  }
};

struct MergedRows {
  UserSketch sketch;
  std::int64_t rows = 0;
};

// By position in `wanted`; at most `rows_max` rows of each issue are read.
std::vector<MergedRows> MergeRows(PqSession& pg, const std::vector<RowKey>& wanted,
                                  std::int64_t rows_max) {
  std::vector<MergedRows> out(wanted.size());
  if (wanted.empty()) return out;
  Columns columns;
  for (const RowKey& issue : wanted) columns.Add(issue);
  const PqRows rows = pg.Run("digest_issue_user_select", PqParams()
                                                             .Array(std::move(columns.projects))
                                                             .Array(std::move(columns.issues))
                                                             .Int8(rows_max));
  for (int i = 0; i < rows.Count(); ++i) {
    MergedRows& merged = out[static_cast<std::size_t>(rows.Int8(i, 0) - 1)];
    merged.sketch.Merge(SketchOrFail(rows.Bytes(i, 1)));
    ++merged.rows;
  }
  return out;
}

// The kept sketches of wide issues; those that have none yet, or none since hash rows left them,
// are merged from all rows.
IssueSketches ReadWide(PqSession& pg, const std::vector<RowKey>& wide) {
  Columns columns;
  for (const RowKey& issue : wide) columns.Add(issue);
  const PqRows rows =
      pg.Run("digest_issue_sketch_select",
             PqParams().Array(std::move(columns.projects)).Array(std::move(columns.issues)));
  IssueSketches kept;
  for (int i = 0; i < rows.Count(); ++i) {
    kept[wide[static_cast<std::size_t>(rows.Int8(i, 0) - 1)]] = SketchOrFail(rows.Bytes(i, 1));
  }
  for (const RowKey& issue : wide) {
    if (kept.count(issue) == 0) kept[issue] = MergeRows(pg, {issue}, kNoLimit)[0].sketch;
  }
  return kept;
}

void StoreWide(PqSession& pg, const IssueSketches& sketches) {
  Columns columns;
  PqArray bytes(PqArray::Type::kBytes);
  for (const auto& [issue, sketch] : sketches) {
    columns.Add(issue);
    bytes.Bytes(sketch.Serialize());
  }
  pg.Run("digest_issue_sketch_store", PqParams()
                                          .Array(std::move(columns.projects))
                                          .Array(std::move(columns.issues))
                                          .Array(std::move(bytes)));
}

}  // namespace

UserSketch SketchOrFail(std::string_view bytes) {
  auto sketch = UserSketch::Parse(bytes);
  // Not the fault of any record in the batch: bisecting would throw good events away.
  if (!sketch) throw SqlFailure{"XX001", "a user sketch in tenant.hash_user is damaged"};
  return *std::move(sketch);
}

void EstimateIssueUsers(DigestRun& run, const GrownIssues& grown) {
  std::vector<RowKey> wanted, wide;
  wanted.reserve(grown.size());
  for (const auto& [issue, users] : grown) wanted.push_back(issue);
  const std::vector<MergedRows> merged = MergeRows(run.pg, wanted, kRowsMergedMax + 1);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (merged[i].rows > kRowsMergedMax) {
      wide.push_back(wanted[i]);
    } else {
      run.users[wanted[i]] = static_cast<std::int64_t>(merged[i].sketch.Estimate());
    }
  }
  if (wide.empty()) return;
  IssueSketches sketches = ReadWide(run.pg, wide);
  for (auto& [issue, sketch] : sketches) {
    for (std::uint64_t user : grown.at(issue)) sketch.Add(user);
    run.users[issue] = static_cast<std::int64_t>(sketch.Estimate());
  }
  StoreWide(run.pg, sketches);
}

}  // namespace mishap
