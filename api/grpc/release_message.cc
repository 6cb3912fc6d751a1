// Releases as messages.
#include "api/grpc/resource_message.h"
#include "api/grpc/resource_name.h"
#include "api/grpc/rpc_call.h"
#include "event/release_version.h"

namespace mishap {
namespace {

// Numbers of mishap.v1.ReleaseStatus.
constexpr int kOpen = 1;
constexpr int kArchived = 2;

std::string Author(const ProtoMessageType& type, const std::string& name,
                   const std::string& email) {
  std::string bytes;
  MessageWriter(type, bytes).Text("name", name).Text("email", email);
  return bytes;
}

std::string Commit(const ProtoMessageType& type, const CommitRow& commit) {
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("id", commit.sha).Text("repository", commit.repository.name);
  out.Text("message", commit.message);
  out.Message("author", Author(out.TypeOf("author"), commit.author_name, commit.author_email));
  out.Time("date_created", commit.committed_at);
  return bytes;
}

std::string Deploy(const ProtoMessageType& type, const DeployRow& deploy) {
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("environment", deploy.environment).Text("name", deploy.name.value_or(""));
  out.Text("url", deploy.url.value_or("")).Time("date_started", deploy.started_at);
  out.Time("date_finished", deploy.finished_at);
  return bytes;
}

std::string InProject(const ProtoMessageType& type, const ReleaseProjectRow& project,
                      std::string_view organization) {
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("project", ProjectName(organization, project.slug));
  out.Int("new_issue_count", project.new_issues);
  out.Time("first_event", project.first_event_at).Time("last_event", project.last_event_at);
  return bytes;
}

}  // namespace

std::string ReleaseMessage(const ReleaseDetail& release, std::string_view organization) {
  static const auto& type = ContractType("mishap.v1.Release");
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("name", ReleaseName(organization, release.version)).Text("version", release.version);
  out.Int("status", release.is_archived ? kArchived : kOpen);
  out.Text("ref", release.ref).Text("url", release.url).Time("date_created", release.created_at);
  out.Time("date_started", release.started_at).Time("date_released", release.released_at);
  out.Text("short_version", ParseReleaseVersion(release.version).Description());
  std::int64_t new_issues = 0;
  for (const auto& project : release.projects) new_issues += project.new_issues;
  out.Int("new_issue_count", new_issues).Int("commit_count", release.commit_count);
  out.Int("deploy_count", release.deploy_count);
  for (const auto& project : release.projects) {
    out.Message("projects", InProject(out.TypeOf("projects"), project, organization));
  }
  if (release.last_commit) {
    out.Message("last_commit", Commit(out.TypeOf("last_commit"), *release.last_commit));
  }
  if (release.last_deploy) {
    out.Message("last_deploy", Deploy(out.TypeOf("last_deploy"), *release.last_deploy));
  }
  for (const auto& author : release.authors) {
    out.Message("authors", Author(out.TypeOf("authors"), author.name, author.email));
  }
  return bytes;
}

}  // namespace mishap
