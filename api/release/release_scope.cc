#include "api/release/release_scope.h"

#include <algorithm>

#include "api/pagination.h"
#include "base/bytes.h"

namespace mishap {
namespace {

// Orders of features that are not there yet list by date, as they would without any data.
ReleaseSort SortOf(std::string_view name) {
  if (name == "build") return ReleaseSort::kBuild;
  if (name == "semver") return ReleaseSort::kSemver;
  return ReleaseSort::kDate;
}

bool IsKnownSort(std::string_view name) {
  constexpr std::string_view kNames[] = {"",
                                         "date",
                                         "build",
                                         "semver",
                                         "sessions",
                                         "users",
                                         "sessions_24h",
                                         "users_24h",
                                         "adoption",
                                         "crash_free_sessions",
                                         "crash_free_users"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

Result<ReleaseScope> ReleaseScopeFromPath(const ApiCall& call) {
  auto organization = OrganizationScope(call);
  if (!organization) return Fail(organization.error());
  if (!call.path.Has("p")) return ReleaseScope{*organization, *organization, std::nullopt};
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return ReleaseScope{found->scope, std::move(*organization), std::move(found->project)};
}

tl::expected<std::vector<ProjectId>, HttpMessageResponse> ProjectsOfBody(
    ApiCall& call, const ReleaseScope& where,
    const std::optional<std::vector<std::string>>& projects) {
  std::vector<ProjectId> out;
  if (where.project) out.push_back(where.project->id);
  if (!projects || projects->empty()) return out;
  auto known = ReadProjects(call.session, where.organization);
  if (!known) return tl::unexpected(RespondError(known.error(), ""));
  for (const auto& name : *projects) {
    auto id = ParseDigits(name);
    auto found = std::find_if(known->begin(), known->end(), [&](const ProjectRow& project) {
      return id ? project.id.value == *id : EqualsIgnoreCase(project.slug, name);
    });
    if (found == known->end()) {
      return tl::unexpected(RespondFieldError({"projects"}, "Invalid project ids or slugs"));
    }
    out.push_back(found->id);
  }
  return out;
}

Result<ReleaseListFilter> ReleaseFilterOf(const ApiCall& call) {
  ReleaseListFilter filter;
  filter.part = call.query.GetOr("query", "");
  filter.environments = Environments(call);
  std::erase(filter.environments, "");
  auto status = call.query.GetOr("status", "");
  if (status == "open" || status == "archived") {
    filter.is_archived = status == "archived";
  } else if (!status.empty()) {
    return BadRequest("Invalid status: expected \"open\" or \"archived\".");
  }
  auto sort = call.query.GetOr("sort", "");
  if (!IsKnownSort(sort)) return BadRequest("Invalid sort: expected date, build or semver.");
  filter.sort = SortOf(sort);
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  filter.limit = *size;
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  if (*cursor) filter.offset = std::max<std::int64_t>(0, (*cursor)->offset);
  return filter;
}

}  // namespace mishap
