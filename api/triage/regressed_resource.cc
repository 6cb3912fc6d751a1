// How many resolved issues came back in which release: what a list of releases shows beside each.
#include "api/triage/resources.h"
#include "base/json_writer.h"
#include "storage/triage/triage_facts.h"

namespace mishap {
namespace {

constexpr std::size_t kReleasesMax = 100;

}  // namespace

// {"web@1.0": 2, "web@1.1": 0}: every release asked for.
Answer CountRegressedInReleases(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  auto versions = call.query.All("release");
  if (versions.empty()) return BadRequest("release is required: the versions to count for");
  if (versions.size() > kReleasesMax) {
    return BadRequest("at most " + std::to_string(kReleasesMax) + " releases a request");
  }
  auto counts = CountRegressed(call.session, NarrowedTo(*scope, *projects), versions);
  if (!counts) return Fail(counts.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  for (const auto& [version, count] : *counts) json.Field(version, count);
  json.EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap
