#include "storage/similar/similar_store.h"

#include <algorithm>
#include <map>

#include "storage/read_rows.h"

namespace mishap {
namespace {

// PostgreSQL has no unsigned numbers: the same bits.
std::string Array(const std::vector<std::uint64_t>& values) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(values.size());
  for (std::uint64_t value : values) numbers.push_back(static_cast<std::int64_t>(value));
  return ArrayParam(numbers);
}
std::vector<std::uint64_t> ValuesOf(const pqxx::field& field) {
  std::vector<std::uint64_t> values;
  for (std::int64_t number : Int64ArrayOf(field))
    values.push_back(static_cast<std::uint64_t>(number));
  return values;
}

SimilarRow RowOf(const pqxx::row& row) {
  SimilarRow out;
  out.issue = IssueId{row["issue_id"].as<std::int64_t>()};
  out.hash_row = row["hash_row"].as<std::int64_t>();
  out.type = static_cast<std::uint64_t>(row["type"].as<std::int64_t>());
  out.frames = ValuesOf(row["frames"]);
  out.words = ValuesOf(row["words"]);
  out.bands = ValuesOf(row["bands"]);
  return out;
}

// False: nothing to compare, or it is there already.
bool Insert(Work& work, const SimilarRow& row) {
  if (row.frames.empty() && row.words.empty()) return false;
  const auto made =
      work.Run("similar_insert", row.project, row.hash_row, static_cast<std::int64_t>(row.type),
               Array(row.frames), Array(row.words), Array(row.bands));
  if (made.empty()) return false;
  std::vector<std::int64_t> frames;
  frames.reserve(row.frames.size());
  for (std::uint64_t frame : row.frames) frames.push_back(static_cast<std::int64_t>(frame));
  std::sort(frames.begin(), frames.end());
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
  if (!frames.empty()) work.Run("similar_count_frames", row.project, ArrayParam(frames));
  return true;
}

struct Progress {
  std::int64_t hash_row = 0;
  std::int64_t samples = 0;
};

}  // namespace

Result<std::vector<UnreadSample>> ListUnreadSamples(Session& session, int rows_max) {
  return Read(session, [&](Work& work) {
    std::vector<UnreadSample> out;
    for (const auto& row : work.Run("similar_unread", rows_max)) {
      out.push_back(
          {ProjectId{row[0].as<std::int64_t>()}, row[1].as<std::int64_t>(), BytesOf(row[2])});
    }
    return out;
  });
}

Status StoreSimilar(Session& session, const std::vector<SimilarRow>& rows) {
  return Transact(session, [&](Work& work) {
    std::map<std::int64_t, Progress> progress;
    for (const SimilarRow& row : rows) {
      Progress& p = progress[row.project.value];
      p.hash_row = std::max(p.hash_row, row.hash_row);
      p.samples += Insert(work, row) ? 1 : 0;
    }
    for (const auto& [project, p] : progress) {
      work.Run("similar_advance", project, p.hash_row, p.samples);
    }
  });
}

Result<std::vector<SimilarRow>> ReadSimilarOfIssue(Session& session, const Scope& scope,
                                                   IssueId issue, int rows_max) {
  return Read(session, [&](Work& work) {
    std::vector<SimilarRow> out;
    for (const auto& row :
         work.Run("similar_of_issue", ArrayParam(scope.Projects()), issue, rows_max)) {
      out.push_back(RowOf(row));
    }
    return out;
  });
}

Result<std::vector<SimilarRow>> ReadSimilarCandidates(Session& session, const Scope& scope,
                                                      IssueId issue,
                                                      const std::vector<std::uint64_t>& bands,
                                                      int rows_max) {
  return Read(session, [&](Work& work) {
    std::vector<SimilarRow> out;
    for (const auto& row : work.Run("similar_candidates", ArrayParam(scope.Projects()), issue,
                                    Array(bands), rows_max)) {
      out.push_back(RowOf(row));
    }
    return out;
  });
}

Result<FrameCounts> ReadFrameCounts(Session& session, const Scope& scope, IssueId issue,
                                    const std::vector<std::uint64_t>& frames) {
  return Read(session, [&](Work& work) {
    FrameCounts out;
    for (const auto& row :
         work.Run("similar_rarity", ArrayParam(scope.Projects()), issue, Array(frames))) {
      const auto samples = row["samples"].as<std::int64_t>();
      if (row["frame"].is_null()) {
        out.total = samples;
      } else {
        out.samples[static_cast<std::uint64_t>(row["frame"].as<std::int64_t>())] = samples;
      }
    }
    return out;
  });
}

}  // namespace mishap
