#include "storage/release/commit_store.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "storage/release/release_parts.h"
#include "storage/triage/next_release.h"

namespace mishap {
namespace {

std::string FilesJson(const std::vector<CommitFile>& files) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  for (const auto& file : files) {
    json.BeginObject().Field("path", file.path).Field("type", file.type).EndObject();
  }
  json.EndArray();
  return out;
}

// Repository ids by the name's place in `names`; 0 where none is known.
std::vector<std::int64_t> RepositoryIds(Work& work, const Scope& scope,
                                        const std::vector<std::string>& names) {
  std::vector<std::int64_t> out(names.size());
  for (const auto& row : work.Run("repository_ids", scope.Organization(), ArrayParam(names))) {
    out[row[0].as<std::size_t>() - 1] = row[1].as<std::int64_t>();
  }
  return out;
}

// Writes the commits and gives their ids, in order.
std::vector<std::int64_t> SaveCommits(Work& work, const Scope& scope,
                                      const std::vector<NewCommit>& commits, Timestamp now) {
  std::vector<std::string> names, shas, messages, authors, emails, times, files;
  for (const auto& commit : commits) {
    names.push_back(commit.repository);
    shas.push_back(commit.sha);
    messages.push_back(commit.message);
    authors.push_back(commit.author_name);
    emails.push_back(commit.author_email);
    times.push_back(FormatTimestamp(commit.committed_at.value_or(now)));
    files.push_back(FilesJson(commit.files));
  }
  work.Run("repository_insert_missing", scope.Organization(), ArrayParam(names));
  const auto repositories = RepositoryIds(work, scope, names);
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> ids;
  for (const auto& row : work.Run("commit_upsert", scope.Organization(), ArrayParam(repositories),
                                  ArrayParam(shas), ArrayParam(messages), ArrayParam(authors),
                                  ArrayParam(emails), ArrayParam(times), ArrayParam(files))) {
    ids[{row[1].as<std::int64_t>(), row[2].c_str()}] = row[0].as<std::int64_t>();
  }
  std::vector<std::int64_t> out;
  std::set<std::int64_t> seen;  // a commit named twice counts once
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const auto id = ids.at({repositories[i], shas[i]});
    if (seen.insert(id).second) out.push_back(id);
  }
  return out;
}

void ReplaceList(Work& work, std::int64_t release, const std::vector<std::int64_t>& commits) {
  work.Run("release_commits_clear", release);
  if (commits.empty()) return;
  work.Run("release_commits_insert", release, ArrayParam(commits));
  SettleCommits(work, release);
}

std::vector<CommitRow> CommitRowsOf(const pqxx::result& rows) {
  std::vector<CommitRow> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(CommitRowOf(row));
  return out;
}

// The names among `refs` that no repository has, joined.
std::string UnknownNames(const std::vector<ReleaseRef>& refs,
                         const std::vector<std::int64_t>& repositories) {
  std::string unknown;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (repositories[i] != 0) continue;
    unknown.append(unknown.empty() ? "" : ", ").append(refs[i].repository);
  }
  return unknown;
}

// The heads become the list, unless the list that stands already reaches up to them.
void ListHeads(Work& work, const Scope& scope, std::int64_t release,
               const std::vector<ReleaseRef>& refs, Timestamp now) {
  std::set<std::string> listed;
  for (const auto& row : work.Run("release_commits", release)) listed.insert(row["sha"].c_str());
  std::vector<NewCommit> heads;
  heads.reserve(refs.size());
  for (const auto& ref : refs) heads.push_back({ref.sha, ref.repository, {}, {}, {}, {}, {}});
  if (!heads.empty() && std::all_of(heads.begin(), heads.end(), [&](const NewCommit& head) {
        return listed.count(head.sha) != 0;
      })) {
    return;
  }
  ReplaceList(work, release, SaveCommits(work, scope, heads, now));
}

}  // namespace

Status ReplaceReleaseCommits(Session& session, const Scope& scope, std::string_view version,
                             const std::vector<NewCommit>& commits, Timestamp now) {
  return Transact(session, [&](Work& work) -> Status {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    ReplaceList(work, *release, SaveCommits(work, scope, commits, now));
    return {};
  });
}

Status SetReleaseRefs(Session& session, const Scope& scope, std::string_view version,
                      const std::vector<ReleaseRef>& refs, Timestamp now) {
  return Transact(session, [&](Work& work) -> Status {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    std::vector<std::string> names;
    names.reserve(refs.size());
    for (const auto& ref : refs) names.push_back(ref.repository);
    const auto repositories = RepositoryIds(work, scope, names);
    if (auto unknown = UnknownNames(refs, repositories); !unknown.empty()) {
      return Fail(Reason::kInvalidArgument, unknown);
    }
    work.Run("release_heads_clear", *release);
    for (std::size_t i = 0; i < refs.size(); ++i) {
      work.Run("release_head_upsert", *release, repositories[i], refs[i].sha, refs[i].previous_sha);
    }
    ListHeads(work, scope, *release, refs, now);
    return {};
  });
}

Result<std::vector<CommitRow>> ListReleaseCommits(Session& session, const Scope& scope,
                                                  std::string_view version) {
  return Read(session, [&](Work& work) -> Result<std::vector<CommitRow>> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    return CommitRowsOf(work.Run("release_commits", *release));
  });
}

Result<std::vector<CommitRow>> ListRepositoryCommits(Session& session, const Scope& scope,
                                                     std::int64_t repository, int limit) {
  return Read(session, [&](Work& work) -> Result<std::vector<CommitRow>> {
    if (work.Run("repository_exists", scope.Organization(), repository).empty()) {
      return Fail(Reason::kNotFound, "no such repository");
    }
    return CommitRowsOf(work.Run("repository_commits", scope.Organization(), repository, limit));
  });
}

Result<std::vector<RepositoryRow>> ListRepositories(Session& session, const Scope& scope,
                                                    std::string_view part) {
  return Read(session, [&](Work& work) {
    std::vector<RepositoryRow> out;
    const auto rows = work.Run("repository_list", scope.Organization(), part);
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(RepositoryRowOf(row));
    return out;
  });
}

Result<RepositoryRow> SaveRepository(Session& session, const Scope& scope, std::string_view name,
                                     const std::optional<std::string>& url) {
  return Transact(session, [&](Work& work) {
    return RepositoryRowOf(work.Run("repository_upsert", scope.Organization(), name, url)[0]);
  });
}

Status HideRepository(Session& session, const Scope& scope, std::int64_t repository) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("repository_hide", scope.Organization(), repository).empty()) {
      return Fail(Reason::kNotFound, "no such repository");
    }
    return {};
  });
}

}  // namespace mishap
