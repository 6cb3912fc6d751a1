// Tags: keys and values, of an issue, a project or an organization (web-api 2.4, 2.10).
#include <algorithm>

#include "api/issue_shape.h"
#include "api/resources.h"

namespace mishap {
namespace {

constexpr int kTopValues = 10;
constexpr std::int64_t kOffsetMax = 100'000;

Answer RespondKeys(ApiCall& call, const Scope& scope, std::optional<IssueId> issue, int top) {
  auto keys = call.query.All("key");
  std::erase(keys, "");
  auto tags = ReadTagKeys(call.session, scope, issue, keys, top);
  if (!tags) return Fail(tags.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& tag : *tags) WriteTagKey(tag, top > 0, json);
  json.EndArray();
  // All keys at once: `limit` is that of the top values here.
  const auto count = static_cast<int>(tags->size());
  return RespondPage(call, std::move(body), CutPage(tags->size(), std::nullopt, count),
                     tags->size());
}

struct SortChoice {
  TagValueSort sort = TagValueSort::kLastSeen;
  bool ascending = false;
};

Result<SortChoice> ParseSort(const std::string& text) {
  if (text.empty() || text == "-date" || text == "-last_seen" || text == "-id") {
    return SortChoice{};
  }
  if (text == "date" || text == "last_seen") return SortChoice{TagValueSort::kLastSeen, true};
  if (text == "age") return SortChoice{TagValueSort::kFirstSeen, true};
  if (text == "-age") return SortChoice{TagValueSort::kFirstSeen, false};
  if (text == "count") return SortChoice{TagValueSort::kCount, true};
  if (text == "-count") return SortChoice{TagValueSort::kCount, false};
  return BadRequest("Invalid sort: \"" + text +
                    "\". Valid values are -date, date, -age, age, "
                    "-count, count.");
}

Answer RespondValues(ApiCall& call, const Scope& scope, std::optional<IssueId> issue) {
  auto sort = ParseSort(call.query.GetOr("sort", ""));
  if (!sort) return Fail(sort.error());
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  auto offset = *cursor ? (*cursor)->offset : 0;
  if (offset > kOffsetMax) return BadRequest("Invalid cursor parameter.");
  auto rows =
      ReadTagValues(call.session, scope, issue, call.path.Get("key"), call.query.GetOr("query", ""),
                    sort->sort, sort->ascending, static_cast<int>(offset), *size + 1);
  if (!rows) return Fail(rows.error());
  PageLinks links;
  links.has_next = rows->size() > static_cast<std::size_t>(*size);
  links.has_previous = offset > 0;
  links.previous = {0, std::max<std::int64_t>(0, offset - *size), true};
  links.next = {0, offset + *size, false};
  if (links.has_next) rows->pop_back();
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& row : *rows) WriteTagValue(row, json);
  json.EndArray();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, links));
  return out;
}

Result<int> TopLimit(const ApiCall& call) {
  if (!call.query.Has("limit") && !call.query.Has("per_page")) return kTopValues;
  return ParsePageSize(call.query);
}

Result<Scope> SelectedScope(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return scope;
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  return NarrowedTo(*scope, *projects);
}

}  // namespace

Answer ListIssueTags(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto top = TopLimit(call);
  if (!top) return Fail(top.error());
  return RespondKeys(call, found->scope, found->issue.id, *top);
}

Answer GetIssueTag(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto top = TopLimit(call);
  if (!top) return Fail(top.error());
  auto tags =
      ReadTagKeys(call.session, found->scope, found->issue.id, {call.path.Get("key")}, *top);
  if (!tags) return Fail(tags.error());
  if (tags->empty()) return NotFound();
  std::string body;
  JsonWriter json(body);
  WriteTagKey(tags->front(), true, json);
  return RespondJson(200, std::move(body));
}

Answer ListIssueTagValues(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  return RespondValues(call, found->scope, found->issue.id);
}

Answer ListOrganizationTags(ApiCall& call) {
  auto scope = SelectedScope(call);
  if (!scope) return Fail(scope.error());
  return RespondKeys(call, *scope, std::nullopt, 0);
}

Answer ListProjectTags(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondKeys(call, found->scope, std::nullopt, 0);
}

Answer ListOrganizationTagValues(ApiCall& call) {
  auto scope = SelectedScope(call);
  if (!scope) return Fail(scope.error());
  return RespondValues(call, *scope, std::nullopt);
}

Answer ListProjectTagValues(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondValues(call, found->scope, std::nullopt);
}

}  // namespace mishap
