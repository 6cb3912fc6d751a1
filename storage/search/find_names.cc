#include "storage/search/find_names.h"

#include "base/bytes.h"
#include "storage/read_rows.h"
#include "storage/search/search_pattern.h"

namespace mishap {

Result<FoundNames> FindReleasesAndCommits(Session& session, const Scope& scope,
                                          const std::string& text, int limit) {
  auto contains = ContainsPattern({{text}});
  auto begins = LikePattern({{ToLowerAscii(text), ""}});
  return Read(session, [&](Work& work) {
    FoundNames out;
    auto projects = ArrayParam(scope.Projects());
    for (const auto& row :
         work.Run("find_releases", projects, scope.Organization(), contains, limit)) {
      out.releases.push_back({TextOf(row["version"]), TimestampOf(row["created_at"])});
    }
    for (const auto& row :
         work.Run("find_commits", projects, scope.Organization(), contains, limit, begins)) {
      out.commits.push_back({TextOf(row["sha"]), TextOf(row["message"]), TextOf(row["repository"]),
                             TextOf(row["author_name"]), TimestampOf(row["committed_at"])});
    }
    return out;
  });
}

}  // namespace mishap
