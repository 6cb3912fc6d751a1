// Issues that a release resolved (web-api 2.11).
#include "api/release/release_scope.h"
#include "api/release/resources.h"
#include "api/resources.h"
#include "base/bytes.h"
#include "storage/triage/triage_facts.h"

namespace mishap {

Answer ListIssuesResolvedInRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  const std::string version(TrimAscii(call.path.Get("v")));
  auto release = FindRelease(call.session, where->scope, version);
  if (!release) return Fail(release.error());
  auto issues = ReadIssuesResolvedIn(call.session, where->scope, version);
  if (!issues) return Fail(issues.error());
  return RespondIssues(call, where->scope, *issues);
}

}  // namespace mishap
