// See first_run.h.
#include "server/first_run.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/json_writer.h"
#include "base/log.h"
#include "event/json_tree.h"
#include "server/data_dir.h"
#include "server/token_scopes.h"
#include "storage/account/login_store.h"
#include "storage/account/member_store.h"
#include "storage/account/team_store.h"
#include "storage/key_store.h"
#include "storage/organization_store.h"
#include "storage/project_store.h"
#include "storage/token_store.h"
#include "storage/user_store.h"

namespace mishap {
namespace {

constexpr const char* kOrganizationSlug = "default";
constexpr const char* kProjectSlug = "first-project";
constexpr const char* kTeamSlug = "everyone";
constexpr const char* kOwnerEmail = "owner@localhost.localdomain";

template <class T>
const T& Oldest(const std::vector<T>& rows) {
  return *std::min_element(rows.begin(), rows.end(),
                           [](const T& a, const T& b) { return a.id < b.id; });
}

// Lists; if empty, makes one and lists again: somebody else may have been quicker (conflict).
template <class List, class Make>
auto OldestOrNew(List list, Make make)
    -> Result<typename decltype(list())::value_type::value_type> {
  auto rows = list();
  if (rows && rows->empty()) {
    auto made = make();
    if (!made && made.error().reason != Reason::kConflict) return Fail(made.error());
    rows = list();
  }
  if (!rows) return Fail(rows.error());
  if (rows->empty()) return Fail(Reason::kInternal, "a row that was just made is not there");
  return Oldest(*rows);
}

std::string CredentialsPath(const std::string& data_dir) {
  return data_dir + "/first-run.json";
}

FirstCredentials ReadCredentials(const std::string& data_dir) {
  FirstCredentials out;
  std::ifstream file(CredentialsPath(data_dir));
  std::stringstream text;
  text << file.rdbuf();
  JsonTree tree;
  auto root = tree.Parse(text.str());
  if (!root || !root->IsObject()) return out;
  root->EachMember([&](std::string_view key, JsonValue value) {
    if (!value.IsString()) return;
    if (key == "owner") out.owner_email = value.Text();
    if (key == "password") out.owner_password = value.Text();
    if (key == "token") out.token = value.Text();
  });
  return out;
}

Status WriteCredentials(const std::string& data_dir, const FirstCredentials& credentials) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject()
      .Field("owner", credentials.owner_email)
      .Field("password", credentials.owner_password)
      .Field("token", credentials.token)
      .EndObject();
  return WriteFileAtomically(CredentialsPath(data_dir), text + "\n", 0600);
}

Result<FirstCredentials> MakeOwner(Session& session, Random& random, const FirstProject& project) {
  FirstCredentials out;
  out.owner_email = kOwnerEmail;
  out.owner_password = random.Hex(12);
  auto user = CreateUser(session, out.owner_email, "Owner", out.owner_password);
  if (!user) return Fail(user.error());
  auto member = AddMember(session, project.organization_id, user->id, "owner");
  if (!member) return Fail(member.error());
  NewToken wanted;
  wanted.organization = project.organization_id;
  wanted.user = user->id;
  wanted.name = "first run";
  wanted.scopes = OwnerScopes();
  auto minted = CreateToken(session, random, wanted);
  if (!minted) return Fail(minted.error());
  out.token = minted->text;
  return out;
}

// With the team that later members join unless another is named.
Result<Project> MakeProject(Session& session, OrganizationId organization) {
  auto project = CreateProject(session, organization, kProjectSlug, "First project", "");
  if (!project) return project;
  const AuditBy by{{}, "first run", {}, project->created_at};
  auto team = CreateTeam(session, by, organization, kTeamSlug, "Everyone");
  if (!team && team.error().reason != Reason::kConflict) return Fail(team.error());
  auto found = FindTeam(session, organization, kTeamSlug, {});
  if (!found) return Fail(found.error());
  auto added = AddProjectToTeam(session, by, organization, found->id, project->id);
  if (!added) return Fail(added.error());
  return project;
}

// Who a test-suite acts as: without a person there is no "me" to assign to, no author of a comment.
Result<UserId> OldestOwner(Session& session, OrganizationId organization) {
  auto members = ReadMembers(session, organization);
  if (!members) return Fail(members.error());
  UserId oldest;
  for (const MemberRow& member : *members) {
    if (member.role != "owner" || !member.user) continue;
    if (!oldest || member.user->id < oldest) oldest = member.user->id;
  }
  return oldest;
}

}  // namespace

Result<FirstProject> EnsureFirstProject(Session& session, Random& random) {
  auto organization = OldestOrNew(
      [&] { return ListOrganizations(session); },
      [&] { return CreateOrganization(session, kOrganizationSlug, "My organization"); });
  if (!organization) return Fail(organization.error());
  auto project = OldestOrNew([&] { return ListProjects(session, organization->id); },
                             [&] { return MakeProject(session, organization->id); });
  if (!project) return Fail(project.error());
  auto key = OldestOrNew(
      [&]() -> Result<std::vector<ProjectKey>> {
        auto keys = ListKeys(session, project->id);
        if (keys) std::erase_if(*keys, [](const ProjectKey& k) { return !k.active; });
        return keys;
      },
      [&] { return CreateKey(session, random, project->id, "Default"); });
  if (!key) return Fail(key.error());
  return FirstProject{organization->id, organization->slug, project->id, project->slug,
                      key->public_key};
}

Result<FirstCredentials> EnsureOwner(Session& session, Random& random, const FirstProject& project,
                                     const std::string& data_dir) {
  auto users = ListUsers(session);
  if (!users) return Fail(users.error());
  if (!users->empty()) {
    // A login at another server ends them too.
    if (auto used = HasAnybodySignedIn(session); used && *used) ForgetCredentials(data_dir);
    return ReadCredentials(data_dir);
  }
  auto made = MakeOwner(session, random, project);
  if (!made) {
    // Another server makes the owner right now; its data directory has the credentials.
    if (made.error().reason == Reason::kConflict) return FirstCredentials();
    return made;
  }
  if (auto ok = WriteCredentials(data_dir, *made); !ok) return Fail(ok.error());
  Log(LogLevel::kInfo, "first_run", {{"credentials", CredentialsPath(data_dir)}});
  return made;
}

void ForgetCredentials(const std::string& data_dir) {
  if (unlink(CredentialsPath(data_dir).c_str()) == 0) {
    Log(LogLevel::kInfo, "first_run_credentials_removed", {{"file", CredentialsPath(data_dir)}});
  }
}

Result<std::string> MintProcessToken(Session& session, Random& random, const FirstProject& project,
                                     const std::string& instance) {
  if (auto ok = RevokeProcessTokens(session, project, instance); !ok) return Fail(ok.error());
  auto owner = OldestOwner(session, project.organization_id);
  if (!owner) return Fail(owner.error());
  NewToken wanted;
  wanted.kind = "process";
  wanted.organization = project.organization_id;
  wanted.user = *owner;
  wanted.name = instance;
  wanted.scopes = OwnerScopes();
  auto minted = CreateToken(session, random, wanted);
  if (!minted) return Fail(minted.error());
  return minted->text;
}

Status RevokeProcessTokens(Session& session, const FirstProject& project,
                           const std::string& instance) {
  auto tokens = ListTokens(session, project.organization_id);
  if (!tokens) return Fail(tokens.error());
  for (const Token& token : *tokens) {
    if (token.kind != "process" || token.name != instance || token.revoked_at) continue;
    if (auto ok = RevokeToken(session, project.organization_id, token.id); !ok) return ok;
  }
  return {};
}

}  // namespace mishap
