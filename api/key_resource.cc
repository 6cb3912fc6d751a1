// Keys of projects: what DSNs are made of (web-api 2.13).
#include "api/key_body.h"
#include "api/object_shapes.h"
#include "api/resources.h"
#include "base/bytes.h"

namespace mishap {
namespace {

Answer RespondKeys(ApiCall& call, const Scope& scope) {
  auto keys = ReadProjectKeys(call.session, scope);
  if (!keys) return Fail(keys.error());
  auto status = call.query.GetOr("status", "");
  if (!status.empty()) {
    std::erase_if(*keys, [&](const KeyRow& key) { return key.is_active != (status == "active"); });
  }
  auto page = PageOf(call, keys->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteKey((*keys)[i], call.public_url, json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, keys->size());
}

HttpMessageResponse RespondKey(const ApiCall& call, int status, const KeyRow& key) {
  std::string body;
  JsonWriter json(body);
  WriteKey(key, call.public_url, json);
  return RespondJson(status, std::move(body));
}

}  // namespace

Answer ListKeysOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondKeys(call, found->scope);
}

Answer ListKeysOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  return RespondKeys(call, NarrowedTo(*scope, *projects));
}

Answer GetKey(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto keys = ReadProjectKeys(call.session, found->scope);
  if (!keys) return Fail(keys.error());
  for (const auto& key : *keys) {
    if (key.public_key == ToLowerAscii(call.path.Get("k"))) return RespondKey(call, 200, key);
  }
  return NotFound();
}

Answer PostKey(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto body = ParseKeyBody(call.request.body);
  if (!body) return std::move(body.error());
  KeyRow key;
  key.project = found->project.id;
  key.public_key = body->public_key.value_or(call.random.Hex(16));
  key.secret_key = body->secret_key.value_or(call.random.Hex(16));
  key.name = body->change.name.value_or("");
  if (key.name.empty()) key.name = "Key " + key.public_key.substr(0, 6);
  key.rate_limit_count = body->change.rate_limit_count.value_or(0);
  key.rate_limit_window_s = body->change.rate_limit_window_s.value_or(0);
  auto added = AddProjectKey(call.session, AuditByOf(call), found->scope, key);
  if (!added) return Fail(added.error());
  return RespondKey(call, 201, *added);
}

Answer PutKey(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto body = ParseKeyBody(call.request.body);
  if (!body) return std::move(body.error());
  auto changed = ChangeProjectKey(call.session, AuditByOf(call), found->scope, found->project.id,
                                  ToLowerAscii(call.path.Get("k")), body->change);
  if (!changed) return Fail(changed.error());
  return RespondKey(call, 200, *changed);
}

Answer DeleteKey(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto removed = RemoveProjectKey(call.session, AuditByOf(call), found->scope, found->project.id,
                                  ToLowerAscii(call.path.Get("k")));
  if (!removed) return Fail(removed.error());
  return RespondEmpty(204);
}

}  // namespace mishap
