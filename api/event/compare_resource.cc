// Two events of an issue beside each other.
#include "api/event/event_difference.h"
#include "api/event_page.h"
#include "api/resources.h"

namespace mishap {
namespace {

Result<StoredEventRow> EventOf(ApiCall& call, const IssueOnPath& found, std::string_view name) {
  auto id = ParseId128<EventId>(call.path.Get(name));
  if (!id) return NotFound();
  auto row = ReadEvent(call.session, found.scope, *id);
  if (row && row->issue != found.issue.id) return NotFound();
  return row;
}

void WriteSide(std::string_view name, const StoredEventRow& row, JsonWriter& json) {
  json.Key(name).BeginObject().Field("id", ToHex(row.id)).Field("dateCreated", row.occurred_at);
  json.Field("dateReceived", row.received_at).EndObject();
}

}  // namespace

Answer CompareEventsOfIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto a = EventOf(call, *found, "e");
  if (!a) return Fail(a.error());
  auto b = EventOf(call, *found, "other");
  if (!b) return Fail(b.error());
  auto a_json = call.codec.Decompress(a->payload, kStoredJsonBytesMax);
  if (!a_json) return Fail(a_json.error());
  auto b_json = call.codec.Decompress(b->payload, kStoredJsonBytesMax);
  if (!b_json) return Fail(b_json.error());
  auto difference = CompareEvents(*a_json, *b_json);
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteSide("a", *a, json);
  WriteSide("b", *b, json);
  json.Field("same", static_cast<std::int64_t>(difference.same));
  json.Field("isCut", difference.is_cut).Key("differences").BeginArray();
  for (const auto& field : difference.fields) {
    json.BeginObject().Field("path", field.path);
    json.Key("a").Raw(field.a).Key("b").Raw(field.b).EndObject();
  }
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
