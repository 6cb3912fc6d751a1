#include "storage/search/tag_share.h"

#include "storage/read_rows.h"

namespace mishap {

Result<TagShare> ReadTagShare(Session& session, const Scope& scope, IssueId issue,
                              const std::string& key, int limit) {
  return Read(session, [&](Work& work) -> Result<TagShare> {
    TagShare out;
    auto projects = ArrayParam(scope.Projects());
    for (const auto& row : work.Run("tag_share_values", projects, issue, key, limit)) {
      out.values.push_back({TextOf(row["value"]), row["issue_count"].as<std::int64_t>(),
                            row["project_count"].as<std::int64_t>()});
    }
    if (out.values.empty()) return Fail(Reason::kNotFound, "the issue has no such tag");
    out.project_events = work.Run("tag_share_project", projects, issue)[0][0].as<std::int64_t>();
    return out;
  });
}

}  // namespace mishap
