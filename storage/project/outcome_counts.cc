#include "storage/project/outcome_counts.h"

#include "storage/pqxx_session.h"

namespace mishap {

Result<std::vector<OutcomeBucket>> ReadOutcomeBuckets(Session& session, const Scope& scope,
                                                      Timestamp start, Timestamp end,
                                                      std::int64_t bucket_s,
                                                      std::optional<KeyId> key) {
  return Read(session, [&](Work& work) {
    std::vector<OutcomeBucket> out;
    const auto rows =
        work.Run("outcome_buckets", ArrayParam(scope.Projects()), start, end, bucket_s, key);
    out.reserve(rows.size());
    for (const auto& row : rows) {
      out.push_back({{row[0].as<std::int64_t>()},
                     row[1].as<std::int64_t>(),
                     row[2].c_str(),
                     static_cast<Outcome>(row[3].as<int>()),
                     row[4].c_str(),
                     row[5].as<std::int64_t>()});
    }
    return out;
  });
}

}  // namespace mishap
