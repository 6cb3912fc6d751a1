// Why an event was grouped as it was, worked out again under the project's rules of now, and what
// separates two events, in words.
#include "api/grouping/project_grouping.h"
#include "api/grouping/resources.h"
#include "base/bytes.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

struct FoundEvent {
  StoredEventRow row;
  Event event;
};

Result<FoundEvent> EventFrom(ApiCall& call, const Scope& scope, const char* name) {
  auto id = ParseId128<EventId>(call.path.Get(name));
  if (!id) return NotFound();
  auto row = ReadEvent(call.session, scope, *id);
  if (!row) return Fail(row.error());
  auto event = DecodeStored(call, *row);
  if (!event) return Fail(event.error());
  return FoundEvent{std::move(*row), std::move(*event)};
}

void WriteWhere(const FoundEvent& found, JsonWriter& out) {
  out.Field("eventID", ToHex(found.row.id));
  out.Field("groupID", std::to_string(found.row.issue.value)).Field("hash", found.row.hash);
}

}  // namespace

Answer ExplainEvent(ApiCall& call) {
  auto project = ProjectFromPath(call);
  if (!project) return Fail(project.error());
  auto version = GroupingOf(call, project->scope, project->project.id);
  if (!version) return Fail(version.error());
  auto found = EventFrom(call, project->scope, "e");
  if (!found) return Fail(found.error());
  std::string body;
  JsonWriter out(body);
  out.BeginObject();
  WriteWhere(*found, out);
  // hash is what it was stored under; the keys in the explanation are those of now.
  out.Key("explanation").Raw(version->Explain(found->event)).EndObject();
  return RespondJson(200, std::move(body));
}

Answer CompareEvents(ApiCall& call) {
  auto project = ProjectFromPath(call);
  if (!project) return Fail(project.error());
  auto version = GroupingOf(call, project->scope, project->project.id);
  if (!version) return Fail(version.error());
  auto a = EventFrom(call, project->scope, "e");
  if (!a) return Fail(a.error());
  auto b = EventFrom(call, project->scope, "other");
  if (!b) return Fail(b.error());
  const PairVerdict verdict = version->Compare(a->event, b->event);
  std::string body;
  JsonWriter out(body);
  out.BeginObject().Field("same", verdict.same).Field("reason", verdict.reason);
  out.Key("a").BeginObject();
  WriteWhere(*a, out);
  out.EndObject().Key("b").BeginObject();
  WriteWhere(*b, out);
  out.EndObject().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
