#include "api/release/release_body.h"

#include "api/json_body.h"
#include "base/bytes.h"
#include "event/release_version.h"

namespace mishap {
namespace {

constexpr std::size_t kShaBytesMax = 64;
constexpr std::size_t kRangeBytesMax = 2 * kShaBytesMax + 2;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kUrlBytesMax = 2048;
constexpr std::size_t kMessageBytesMax = 16 << 10;
constexpr std::size_t kPathBytesMax = 1024;
constexpr std::size_t kProjectsMax = 1000;
constexpr std::size_t kRefsMax = 100;
constexpr std::size_t kEnvironmentBytesMax = 64;

void ReadVersion(JsonBody& body, ReleaseBody& out) {
  out.version = body.RequiredText("version", 4 * kReleaseNameBytesMax);
  if (!body.Problem() && !IsValidReleaseName(out.version)) {
    body.Refuse("version", "Release version could not be validated.");
  }
}

void ReadStatus(JsonBody& body, ReleaseChange& out) {
  auto status = body.Text("status", kNameBytesMax);
  if (!status) return;
  if (*status != "open" && *status != "archived") {
    body.Refuse("status", "Invalid status: expected \"open\" or \"archived\".");
    return;
  }
  out.is_archived = *status == "archived";
}

CommitFile ReadFile(JsonBody& item) {
  CommitFile file{item.RequiredText("path", kPathBytesMax), item.Text("type", 1).value_or("M")};
  if (file.type != "A" && file.type != "M" && file.type != "D") {
    item.Refuse("type", "Expected A, M or D.");
  }
  return file;
}

NewCommit ReadCommit(JsonBody& item) {
  NewCommit commit;
  commit.sha = item.RequiredText("id", kShaBytesMax);
  commit.repository = item.Text("repository", kNameBytesMax).value_or("");
  if (commit.repository.empty()) commit.repository = "unknown";
  commit.message = item.Text("message", kMessageBytesMax).value_or("");
  commit.author_name = item.Text("author_name", kNameBytesMax).value_or("");
  commit.author_email = item.Text("author_email", kNameBytesMax).value_or("");
  commit.committed_at = item.Time("timestamp");
  item.Objects("patch_set", kCommitFilesMax,
               [&](JsonBody& file) { commit.files.push_back(ReadFile(file)); });
  return commit;
}

// "commit" may be a range: "previous..sha".
ReleaseRef ReadRef(JsonBody& item) {
  ReleaseRef ref;
  ref.repository = item.RequiredText("repository", kNameBytesMax);
  ref.sha = item.RequiredText("commit", kRangeBytesMax);
  ref.previous_sha = item.Text("previousCommit", kShaBytesMax);
  if (auto dots = ref.sha.find(".."); dots != std::string::npos) {
    ref.previous_sha = ref.sha.substr(0, dots);
    ref.sha.erase(0, dots + 2);
  }
  if (ref.sha.empty() || ref.sha.size() > kShaBytesMax) {
    item.Refuse("commit", "Expected a commit of at most 64 characters.");
  }
  return ref;
}

bool IsEnvironmentName(std::string_view name) {
  return name != "." && name != ".." && !EqualsIgnoreCase(name, "none") &&
         name.find_first_of("/\\\r\n\t\f") == std::string_view::npos;
}

}  // namespace

tl::expected<ReleaseBody, HttpMessageResponse> ParseReleaseBody(std::string_view text,
                                                                bool needs_version) {
  JsonBody body(text);
  ReleaseBody out;
  if (needs_version) ReadVersion(body, out);
  out.projects = body.Texts("projects", kProjectsMax, kNameBytesMax);
  out.change.ref = body.Text("ref", kReleaseNameBytesMax);
  out.change.url = body.Text("url", kUrlBytesMax);
  out.change.started_at = body.Time("dateStarted");
  out.change.released_at = body.Time("dateReleased");
  ReadStatus(body, out.change);
  std::vector<NewCommit> commits;
  if (body.Objects("commits", kReleaseCommitsMax,
                   [&](JsonBody& item) { commits.push_back(ReadCommit(item)); })) {
    out.commits = std::move(commits);
  }
  std::vector<ReleaseRef> refs;
  if (body.Objects("refs", kRefsMax, [&](JsonBody& item) { refs.push_back(ReadRef(item)); })) {
    out.refs = std::move(refs);
  }
  if (body.Problem()) return tl::unexpected(*body.Problem());
  return out;
}

tl::expected<DeployBody, HttpMessageResponse> ParseDeployBody(std::string_view text,
                                                              Timestamp now) {
  JsonBody body(text);
  DeployBody out;
  out.deploy.environment = body.RequiredText("environment", kEnvironmentBytesMax);
  if (!IsEnvironmentName(out.deploy.environment)) {
    body.Refuse("environment", "Invalid value for environment.");
  }
  out.deploy.name = body.Text("name", kEnvironmentBytesMax);
  out.deploy.url = body.Text("url", kUrlBytesMax);
  out.deploy.started_at = body.Time("dateStarted");
  out.deploy.finished_at = body.Time("dateFinished").value_or(now);
  out.projects = body.Texts("projects", kProjectsMax, kNameBytesMax);
  if (body.Problem()) return tl::unexpected(*body.Problem());
  return out;
}

tl::expected<RepositoryBody, HttpMessageResponse> ParseRepositoryBody(std::string_view text) {
  JsonBody body(text);
  RepositoryBody out{body.RequiredText("name", kNameBytesMax), body.Text("url", kUrlBytesMax)};
  if (body.Problem()) return tl::unexpected(*body.Problem());
  return out;
}

}  // namespace mishap
