// What users wrote, about an issue's events or in a whole project (web-api 2.9).
#include "api/record/resources.h"
#include "api/resources.h"
#include "base/json_writer.h"
#include "storage/typed/read_records.h"

namespace mishap {
namespace {

void WriteTextOrNull(std::string_view name, const std::string& value, JsonWriter& json) {
  if (value.empty()) {
    json.Key(name).Null();
  } else {
    json.Field(name, value);
  }
}

void WriteReport(const UserReportRow& row, JsonWriter& json) {
  const std::string event = ToHex(row.event);
  json.BeginObject().Field("id", ToHex(row.id)).Field("eventID", event);
  WriteTextOrNull("name", row.name, json);
  WriteTextOrNull("email", row.email, json);
  json.Field("comments", row.comments).Field("dateCreated", FormatTimestamp(row.received_at));
  json.Key("user").Null();
  json.Key("event").BeginObject().Field("id", event).Field("eventID", event).EndObject();
  json.EndObject();
}

Answer RespondReports(ApiCall& call, const std::vector<UserReportRow>& rows) {
  auto page = PageOf(call, rows.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteReport(rows[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows.size());
}

}  // namespace

Answer ListUserReportsOfIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ListIssueReports(call.session, found->scope, found->issue.id, kHitsMax, 0);
  if (!rows) return Fail(rows.error());
  return RespondReports(call, *rows);
}

Answer ListUserReportsOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ListReports(call.session, found->scope, kHitsMax, 0);
  if (!rows) return Fail(rows.error());
  return RespondReports(call, *rows);
}

}  // namespace mishap
