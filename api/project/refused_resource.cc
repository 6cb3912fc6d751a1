// The last requests that were refused at the doors: what one looks at while nothing arrives. Of the
// server that is asked, from its memory. And the link from a frame to its source.
#include "api/entry_parts.h"
#include "api/object_shapes.h"
#include "api/project/resources.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

void WriteRefused(const RefusedRequest& row, JsonWriter& json) {
  json.BeginObject().Field("dateCreated", row.at).Field("door", row.door);
  TextOrNull(json, "method", row.method);
  json.Field("status", row.status).Field("reason", ReasonName(row.reason));
  json.Field("detail", row.detail);
  TextOrNull(json, "key", row.key);
  TextOrNull(json, "ip", row.ip);
  TextOrNull(json, "client", row.sdk);
  json.Field("times", row.times).EndObject();
}

}  // namespace

Answer ListRefusedRequests(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  if (call.front.refusals) {
    for (const auto& row : call.front.refusals(found->project.id)) WriteRefused(row, json);
  }
  json.EndArray();
  return RespondJson(200, std::move(body));
}

// No code mappings: clients show the frame without a link.
Answer GetStacktraceLink(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondJson(200, R"({"config":null,"sourceUrl":null,"integrations":[],"error":null})");
}

}  // namespace mishap
