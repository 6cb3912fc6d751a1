// Samples of hash rows as numbers, by which similar issues are found. What the numbers mean is
// grouping's (grouping/similar.h); here they are kept and looked up.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct UnreadSample {
  ProjectId project;
  std::int64_t hash_row = 0;
  std::string payload;  // compressed canonical event
};
// Samples of all projects that StoreSimilar has not seen, by project and hash row.
Result<std::vector<UnreadSample>> ListUnreadSamples(Session& session, int rows_max);

struct SimilarRow {
  ProjectId project;
  std::int64_t hash_row = 0;
  IssueId issue;           // read only
  std::uint64_t type = 0;  // 0 and no frames and no words: nothing to compare, only progress
  std::vector<std::uint64_t> frames;
  std::vector<std::uint64_t> words;
  std::vector<std::uint64_t> bands;
};
// All or none; a row that is there already counts once. Rows stand as ListUnreadSamples gave them.
Status StoreSimilar(Session& session, const std::vector<SimilarRow>& rows);

// Of one issue, those seen last first.
Result<std::vector<SimilarRow>> ReadSimilarOfIssue(Session& session, const Scope& scope,
                                                   IssueId issue, int rows_max);
// Rows of other issues of the project that share a band; neither deleted, merged away nor
// discarded.
Result<std::vector<SimilarRow>> ReadSimilarCandidates(Session& session, const Scope& scope,
                                                      IssueId issue,
                                                      const std::vector<std::uint64_t>& bands,
                                                      int rows_max);

struct FrameCounts {
  std::unordered_map<std::uint64_t, std::int64_t> samples;
  std::int64_t total = 0;
};
Result<FrameCounts> ReadFrameCounts(Session& session, const Scope& scope, IssueId issue,
                                    const std::vector<std::uint64_t>& frames);

}  // namespace mishap
