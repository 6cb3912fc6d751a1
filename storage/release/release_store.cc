#include "storage/release/release_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "storage/digest_writer.h"
#include "storage/release/release_parts.h"
#include "storage/release/version_columns.h"
#include "storage/triage/next_release.h"

namespace mishap {
namespace {

// Links are made once: linking again changes nothing and is not new.
bool LinkProjects(Work& work, std::int64_t release, std::string_view version,
                  const std::vector<ProjectId>& projects) {
  if (projects.empty()) return false;
  const bool linked = !work.Run("release_link", release, ArrayParam(projects)).empty();
  for (const auto& row : work.Run("release_name_in_projects", ArrayParam(projects), version,
                                  NameLimits{}.releases_max)) {
    SettleNextRelease(work, {row[0].as<std::int64_t>()}, row[1].as<std::int32_t>(),
                      std::string(version));
  }
  return linked;
}

Result<SavedRelease> Save(Work& work, const Scope& scope, std::string_view version,
                          const std::vector<ProjectId>& projects) {
  SavedRelease saved;
  if (projects.empty()) {
    auto id = ReleaseIdOf(work, scope, version);
    if (!id) return NoRelease(version);
    saved.id = *id;
    return saved;
  }
  // The counters first, as the digest takes them: else the two could wait for each other.
  work.Run("digest_counter_lock", ArrayParam(projects));
  auto columns = VersionColumnsOf(version);
  auto rows = work.Run("release_insert", scope.Organization(), version, columns.package,
                       columns.numbers, columns.prerelease, columns.build);
  saved.id = rows[0]["id"].as<std::int64_t>();
  saved.is_new = rows[0]["is_new"].as<bool>();
  if (LinkProjects(work, saved.id, version, projects)) saved.is_new = true;
  return saved;
}

constexpr std::string_view kNoFields = "{}";

std::string FieldsOf(const ReleaseChange& change) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (change.ref) json.Field("ref", *change.ref);
  if (change.url) json.Field("url", *change.url);
  if (change.started_at) json.Field("dateStarted", *change.started_at);
  if (change.released_at) json.Field("dateReleased", *change.released_at);
  if (change.is_archived) json.Field("isArchived", *change.is_archived);
  json.EndObject();
  return out;
}

}  // namespace

Result<ReleasePage> ListReleases(Session& session, const Scope& scope,
                                 const ReleaseListFilter& filter) {
  return Read(session, [&](Work& work) {
    ReleasePage page;
    std::vector<std::int64_t> ids;
    const auto rows =
        work.Run("release_ids", scope.Organization(), ArrayParam(scope.Projects()), filter.part,
                 filter.is_archived, ArrayParam(filter.environments), filter.limit + 1,
                 filter.offset, static_cast<int>(filter.sort), filter.after ? filter.after->id : 0,
                 filter.after ? filter.after->listed_at : Timestamp{});
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.push_back(row[0].as<std::int64_t>());
    page.more = ids.size() > static_cast<std::size_t>(filter.limit);
    if (page.more) ids.pop_back();
    page.rows = LoadReleases(work, scope, ids);
    return page;
  });
}

Result<ReleaseDetail> FindRelease(Session& session, const Scope& scope, std::string_view version) {
  return Read(session, [&](Work& work) -> Result<ReleaseDetail> {
    auto id = ReleaseIdOf(work, scope, version);
    if (!id) return NoRelease(version);
    return std::move(LoadReleases(work, scope, {*id}).at(0));
  });
}

Result<std::optional<ReleaseDetail>> FindPreviousWithCommits(Session& session, const Scope& scope,
                                                             std::string_view version) {
  return Read(session, [&](Work& work) -> Result<std::optional<ReleaseDetail>> {
    if (!ReleaseIdOf(work, scope, version)) return NoRelease(version);
    auto rows = work.Run("release_previous_with_commits", scope.Organization(),
                         ArrayParam(scope.Projects()), version);
    if (rows.empty()) return std::optional<ReleaseDetail>();
    auto found = LoadReleases(work, scope, {rows[0][0].as<std::int64_t>()});
    return std::optional<ReleaseDetail>(std::move(found.at(0)));
  });
}

Result<SavedRelease> SaveRelease(Session& session, const AuditBy& by, const Scope& scope,
                                 std::string_view version, const std::vector<ProjectId>& projects,
                                 const ReleaseChange& change) {
  auto sorted = projects;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (auto project : sorted) {
    if (!scope.Sees(project)) return Fail(Reason::kPermissionDenied, "");
  }
  return Transact(session, [&](Work& work) -> Result<SavedRelease> {
    auto saved = Save(work, scope, version, sorted);
    if (!saved) return saved;
    std::optional<std::int16_t> status;
    if (change.is_archived) status = *change.is_archived ? 1 : 0;
    work.Run("release_change", saved->id, change.ref, change.url, change.started_at,
             change.released_at, status);
    const auto fields = FieldsOf(change);
    if (saved->is_new || fields != kNoFields) {
      WriteAudit(work, by, scope.Organization(),
                 {saved->is_new ? "release.create" : "release.edit", std::string(version), fields});
    }
    return saved;
  });
}

Status RemoveRelease(Session& session, const AuditBy& by, const Scope& scope,
                     std::string_view version) {
  return Transact(session, [&](Work& work) -> Status {
    auto id = ReleaseIdOf(work, scope, version);
    if (!id) return NoRelease(version);
    if (!work.Run("release_has_other_projects", *id, ArrayParam(scope.Projects())).empty()) {
      return Fail(Reason::kPermissionDenied, "");
    }
    work.Run("release_delete", *id);
    WriteAudit(work, by, scope.Organization(), {"release.remove", std::string(version)});
    return {};
  });
}

}  // namespace mishap
