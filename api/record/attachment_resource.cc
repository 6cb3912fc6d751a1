// Attachments of events (web-api 2.9).
#include "api/download.h"
#include "api/event_page.h"
#include "api/record/resources.h"
#include "api/resources.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "storage/typed/read_records.h"

namespace mishap {
namespace {

void WriteAttachment(const AttachmentRow& row, JsonWriter& json) {
  json.BeginObject();
  json.Field("id", ToHex(row.id)).Field("event_id", ToHex(row.event));
  json.Field("type", row.type).Field("name", row.name).Field("mimetype", row.content_type);
  json.Field("dateCreated", FormatTimestamp(row.received_at)).Field("size", row.bytes);
  json.Key("headers").BeginObject().Field("Content-Type", row.content_type).EndObject();
  json.Field("sha1", row.sha1).EndObject();
}

bool IsScreenshot(const AttachmentRow& row) {
  return row.content_type.starts_with("image/") && row.name.find("screenshot") != std::string::npos;
}

// `query=`: part of the name, or is:screenshot.
bool Matches(const AttachmentRow& row, std::string_view query) {
  if (query.empty()) return true;
  if (query == "is:screenshot") return IsScreenshot(row);
  return ToLowerAscii(row.name).find(ToLowerAscii(query)) != std::string::npos;
}

struct OnPath {
  Scope scope;
  EventId event;
};
Result<OnPath> EventOnPath(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto id = EventIdFromPath(call);
  if (!id) return Fail(id.error());
  return OnPath{found->scope, *id};
}

Result<AttachmentRow> AttachmentOnPath(ApiCall& call) {
  auto where = EventOnPath(call);
  if (!where) return Fail(where.error());
  auto id = ParseId128<AttachmentId>(call.path.Get("a"));
  if (!id) return NotFound();
  return ReadAttachment(call.session, where->scope, where->event, *id);
}

}  // namespace

Answer ListEventAttachments(ApiCall& call) {
  auto where = EventOnPath(call);
  if (!where) return Fail(where.error());
  auto rows = ListAttachments(call.session, where->scope, where->event);
  if (!rows) return Fail(rows.error());
  if (rows->empty()) {
    // None of an event that is here, or nothing of this project at all.
    auto event = ReadEvent(call.session, where->scope, where->event);
    if (!event) return Fail(event.error());
  }
  const auto query = call.query.Get("query").value_or("");
  std::erase_if(*rows, [&](const AttachmentRow& row) { return !Matches(row, query); });
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteAttachment((*rows)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

Answer GetEventAttachment(ApiCall& call) {
  auto row = AttachmentOnPath(call);
  if (!row) return Fail(row.error());
  if (call.query.Has("download")) {
    auto bytes = call.front.blobs.read(row->blob);
    if (!bytes) return Fail(bytes.error());
    return RespondDownload(row->name, row->content_type, std::move(*bytes));
  }
  std::string body;
  JsonWriter json(body);
  WriteAttachment(*row, json);
  return RespondJson(200, std::move(body));
}

Answer DeleteEventAttachment(ApiCall& call) {
  auto where = EventOnPath(call);
  if (!where) return Fail(where.error());
  auto id = ParseId128<AttachmentId>(call.path.Get("a"));
  if (!id) return NotFound();
  auto blob = DeleteAttachment(call.session, where->scope, where->event, *id);
  if (!blob) return Fail(blob.error());
  call.front.blobs.remove(*blob);
  return RespondEmpty(204);
}

Answer ListAttachmentsOfIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ListIssueAttachments(call.session, found->scope, found->issue.id, kHitsMax, 0);
  if (!rows) return Fail(rows.error());
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteAttachment((*rows)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

}  // namespace mishap
