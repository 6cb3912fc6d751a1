// Users affected within a window, merged from the sketches of its days; and which issues' newest
// events came with files.
#include <algorithm>

#include "storage/read_issues.h"
#include "storage/read_rows.h"
#include "storage/user_sketch.h"

namespace mishap {
namespace {

// Sketches of every day, environment and hash row, 3 KiB each at most: of a whole page they would
// be hundreds of megabytes.
constexpr std::ptrdiff_t kIssuesAtOnce = 10;

}  // namespace

Result<std::unordered_map<IssueId, std::int64_t>> ReadIssueUsers(Session& session,
                                                                 const Scope& scope,
                                                                 const std::vector<IssueId>& issues,
                                                                 const CountWindow& window) {
  using Users = std::unordered_map<IssueId, std::int64_t>;
  if (issues.empty()) return Users();
  return Read(session, [&](Work& work) -> Result<Users> {
    std::unordered_map<IssueId, UserSketch> merged;
    for (auto from = issues.begin(); from != issues.end();) {
      const auto count = std::min<std::ptrdiff_t>(kIssuesAtOnce, issues.end() - from);
      const std::vector<IssueId> part(from, from + count);
      from += count;
      for (const auto& row : work.Run("issue_user_sketches", ArrayParam(scope.Projects()),
                                      ArrayParam(NumbersOf(part)), window.start, window.end,
                                      NamesParam(window.environments))) {
        auto sketch = UserSketch::Parse(BytesOf(row["sketch"]));
        if (!sketch) return Fail(Reason::kInternal, "a user sketch in tenant.hash_user is damaged");
        merged[{row["issue_id"].as<std::int64_t>()}].Merge(*sketch);
      }
    }
    Users out;
    for (const auto& [issue, sketch] : merged) {
      out[issue] = static_cast<std::int64_t>(sketch.Estimate());
    }
    return out;
  });
}

Result<std::unordered_set<IssueId>> ReadIssuesWithAttachments(Session& session, const Scope& scope,
                                                              const std::vector<IssueId>& issues) {
  using Found = std::unordered_set<IssueId>;
  if (issues.empty()) return Found();
  return Read(session, [&](Work& work) {
    Found out;
    for (const auto& row : work.Run("issues_with_attachments", ArrayParam(scope.Projects()),
                                    ArrayParam(NumbersOf(issues)))) {
      out.insert({row["id"].as<std::int64_t>()});
    }
    return out;
  });
}

}  // namespace mishap
