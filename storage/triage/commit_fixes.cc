#include "storage/triage/commit_fixes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "storage/read_rows.h"
#include "storage/triage/change_in_work.h"

namespace mishap {
namespace {

using Ids = std::vector<std::int64_t>;

struct Author {
  std::optional<std::int64_t> user;
  std::string name;
  std::string email;
};

// Authors by e-mail address: the members who see the project.
class Authors {
 public:
  Authors(Work& work, const Scope& scope) : work_(work), scope_(scope) {}

  const Author& Of(std::int64_t project, const std::string& email) {
    auto [at, is_new] = known_.try_emplace({project, email});
    if (is_new && !email.empty()) at->second = Look(project, email);
    return at->second;
  }

 private:
  Author Look(std::int64_t project, const std::string& email) {
    auto rows = work_.Run("triage_member", scope_.Organization(), std::optional<std::int64_t>(),
                          email, ArrayParam(Ids{project}));
    // The look-up also knows names: an author is only who has the address.
    if (rows.empty() || !EqualsIgnoreCase(TextOf(rows[0][2]), email)) return {};
    return {rows[0][0].as<std::int64_t>(), TextOf(rows[0][1]), TextOf(rows[0][2])};
  }

  Work& work_;
  const Scope& scope_;
  std::map<std::pair<std::int64_t, std::string>, Author> known_;
};

std::string ReleaseDetails(std::string_view version) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("inRelease", version).EndObject();
  return out;
}

// What the issue's activity shows: the commit, and the release it came with.
std::string CommitActivity(const pqxx::row& row, std::string_view version) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Key("commit").BeginObject().Field("id", TextOf(row["sha"]));
  json.Field("message", TextOf(row["message"]));
  json.Field("dateCreated", TimestampOf(row["committed_at"]));
  json.Key("author").BeginObject().Field("name", TextOf(row["author_name"]));
  json.Field("email", TextOf(row["author_email"])).EndObject();
  json.Key("repository").BeginObject().Field("name", TextOf(row["repository"])).EndObject();
  json.EndObject().Field("version", version).EndObject();
  return out;
}

IssueChange ChangeOf(const pqxx::row& row, std::string_view version, const Author& author,
                     Timestamp now) {
  StatusChange status;
  status.status = IssueStatus::kResolved;
  status.details = ReleaseDetails(version);
  status.resolution.kind = ResolutionKind::kRelease;
  status.resolution.release_id = row["release_id"].as<std::int32_t>();
  status.resolution.version = version;
  status.resolution.repository = TextOf(row["repository"]);
  status.resolution.commit_id = TextOf(row["sha"]);
  status.activity = "set_resolved_in_commit";
  status.activity_details = CommitActivity(row, version);
  status.always = true;
  IssueChange change;
  change.status = std::move(status);
  change.now = now;
  if (author.user && row["is_free"].as<bool>()) {
    Assignee assignee;
    assignee.user = {*author.user};
    assignee.name = author.name;
    assignee.email = author.email;
    change.assignee = std::move(assignee);
  }
  return change;
}

}  // namespace

Result<std::vector<IssueId>> ResolveFixedIssues(Session& session, const Scope& scope,
                                                std::string_view version,
                                                const std::vector<CommitFix>& fixes,
                                                Timestamp now) {
  if (fixes.empty()) return std::vector<IssueId>();
  Ids issues;
  std::vector<std::string> repositories, shas;
  for (const auto& fix : fixes) {
    issues.push_back(fix.issue.value);
    repositories.push_back(fix.repository);
    shas.push_back(fix.sha);
  }
  return Transact(session, [&](Work& work) {
    const auto projects = ArrayParam(scope.Projects());
    Ids named, commits, targets;
    for (const auto& row :
         work.Run("commit_fix_new", projects, scope.Organization(), ArrayParam(issues),
                  ArrayParam(repositories), ArrayParam(shas), now, version)) {
      named.push_back(row[0].as<std::int64_t>());
      commits.push_back(row[1].as<std::int64_t>());
    }
    const auto facts = work.Run("commit_fix_facts", projects, scope.Organization(),
                                ArrayParam(named), ArrayParam(commits), version);
    targets.reserve(facts.size());
    for (const auto& row : facts) targets.push_back(row["id"].as<std::int64_t>());
    ChangeGround ground{work, projects, std::nullopt};
    const auto locked = LockIssueRows(ground, targets);
    Authors authors(work, scope);
    std::set<std::int64_t> done;
    for (const auto& row : facts) {
      const auto id = row["id"].as<std::int64_t>();
      if (!std::binary_search(locked.begin(), locked.end(), id)) continue;
      const auto& author =
          authors.Of(row["project_id"].as<std::int64_t>(), TextOf(row["author_email"]));
      ground.user = author.user;
      ApplyIssueChange(ground, {id}, ChangeOf(row, version, author, now));
      done.insert(id);
    }
    NotifyIssues(work, {done.begin(), done.end()});
    std::vector<IssueId> out;
    out.reserve(done.size());
    for (auto id : done) out.push_back({id});
    return out;
  });
}

}  // namespace mishap
