// The stream of changed issues, and how the server is.
#include <algorithm>

#include "api/respond.h"
#include "api/stream/issue_stream.h"
#include "api/stream/resources.h"
#include "base/json_writer.h"
#include "storage/server_load.h"

namespace mishap {
namespace {

constexpr int kRetryAfterS = 5;

void TimeOrNull(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  json.Key(name);
  time ? json.Time(*time) : json.Null();
}

// `seconds`: how long the stream may last; absent: as long as it can.
Result<std::chrono::seconds> SecondsWanted(const ApiCall& call) {
  constexpr std::chrono::seconds kMost = IssueStream::kLifetime;
  const auto text = call.query.Get("seconds");
  if (!text) return kMost;
  const auto seconds = ParseDigits(*text);
  if (!seconds) return BadRequest("Invalid seconds parameter. It is a number from 0 to 300.");
  return std::min(kMost, std::chrono::seconds(*seconds));
}

}  // namespace

Answer StreamChangedIssues(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  const auto seconds = SecondsWanted(call);
  if (!seconds) return Fail(seconds.error());
  IssueStream::Wanted wanted;
  // Two organizations may well have a token of one name.
  wanted.who = std::to_string(scope->Organization().value) + " " + AuditByOf(call).actor;
  wanted.projects = NarrowedTo(*scope, *projects).Projects();
  wanted.last_id = call.request.Header("Last-Event-ID");
  wanted.lifetime = *seconds;
  auto* stream = call.front.issue_stream;
  auto begin = stream ? stream->Open(std::move(wanted)) : std::nullopt;
  if (!begin) return RespondBusy(kRetryAfterS);
  HttpMessageResponse out;
  out.headers = {{"Content-Type", "text/event-stream"},
                 {"Cache-Control", "no-store"},
                 {"X-Accel-Buffering", "no"},  // proxies pass each message on at once
                 {"X-Content-Type-Options", "nosniff"}};
  out.body = "retry: 3000\n\n";
  out.stream = std::move(*begin);
  return out;
}

// What /healthz says, and what stands in the database.
Answer GetServerHealth(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto load = ReadServerLoad(call.session, *scope);
  if (!load) return Fail(load.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("server").Raw(call.front.health ? call.front.health() : "{}");
  json.Key("storage").BeginObject().Field("bytes", load->database_bytes);
  TimeOrNull(json, "oldestDay", load->oldest_day);
  json.Field("daysAhead", load->days_ahead).EndObject();
  json.Field("deadLetters", load->dead_letters);
  TimeOrNull(json, "lastDeadLetter", load->last_dead_letter);
  json.Field("effectsWaiting", load->effects_waiting).EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
