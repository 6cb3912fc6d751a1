// What users wrote, about an issue's events or in a whole project (web-api 2.9).
#include "api/json_body.h"
#include "api/record/resources.h"
#include "api/record/user_report_shape.h"
#include "api/resources.h"
#include "base/json_writer.h"
#include "storage/typed/read_records.h"
#include "storage/typed/user_report.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kEmailBytesMax = 254;
constexpr std::size_t kCommentsBytesMax = 4096;

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

// The event may come later; one report an event, open to changes for five minutes.
Answer PostUserReport(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  JsonBody body(call.request.body);
  const std::string id = body.RequiredText("event_id", kNameBytesMax);
  NewUserReport report;
  report.name = body.Text("name", kNameBytesMax).value_or("");
  report.email = body.Text("email", kEmailBytesMax).value_or("");
  report.comments = body.RequiredText("comments", kCommentsBytesMax);
  if (auto event = ParseId128<EventId>(id)) report.event = *event;
  if (report.event.IsNil()) body.Refuse("event_id", "A valid event id has 32 hexadecimal digits.");
  if (body.Problem()) return *body.Problem();
  if (call.front.scrub) {
    for (std::string* text : {&report.name, &report.email, &report.comments}) {
      *text = call.front.scrub(found->project.id, *text);
    }
  }
  auto written = WriteUserReport(call.session, found->scope, report, call.now);
  if (!written) return Fail(written.error());
  if (!*written) return RespondDetail(409, "Feedback for this event cannot be modified.");
  std::string text;
  JsonWriter json(text);
  WriteReport(**written, json);
  return RespondJson(200, std::move(text));
}

}  // namespace mishap
