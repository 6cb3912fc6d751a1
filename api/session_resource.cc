// Who am I, and is this a Mishap at all (web-api 1.1.1, 2.2).
#include "api/object_shapes.h"
#include "api/resources.h"

namespace mishap {

Answer GetRoot(ApiCall& call) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("version", "0").Key("auth");
  if (call.caller.kind.empty()) {
    json.Null().Key("user").Null().EndObject();
    return RespondJson(200, std::move(body));
  }
  json.BeginObject().Key("scopes");
  WriteTextArray(call.caller.permissions, json);
  json.EndObject().Key("user");
  if (call.caller.user) {
    WriteUser(*call.caller.user, json);
  } else {
    json.Null();
  }
  json.EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetMe(ApiCall& call) {
  if (!call.caller.user) return Fail(Reason::kPermissionDenied, "");
  std::string body;
  JsonWriter json(body);
  WriteUser(*call.caller.user, json);
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
