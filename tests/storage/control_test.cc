// Organizations, projects, keys, users, tokens, dictionaries, and the directory that ingest sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "storage/account/team_store.h"
#include "storage/account/token_text.h"
#include "storage/dictionary_store.h"
#include "storage/directory_store.h"
#include "storage/key_store.h"
#include "storage/organization_store.h"
#include "storage/project_store.h"
#include "storage/read_caller.h"
#include "storage/token_store.h"
#include "storage/user_store.h"
#include "tests/storage/fresh_database.h"

namespace mishap {
namespace {

using ::testing::ElementsAre;

class Control : public ::testing::Test {
 protected:
  Organization MakeOrganization(std::string_view slug) {
    return CreateOrganization(session_, slug, "Name").value();
  }
  Project MakeProject(const Organization& organization, std::string_view slug) {
    return CreateProject(session_, organization.id, slug, "Web", "python").value();
  }

  // What the API sees of a token: its first organization.
  Result<Scope> Resolve(std::string_view text) {
    auto caller = ReadCaller(session_, Sha256(text), clock_.Now());
    if (!caller) return Fail(caller.error());
    if (!*caller) return Fail(Reason::kUnauthenticated, "");
    if ((*caller)->is_stale && !TouchCaller(session_, **caller, clock_.Now())) {
      ADD_FAILURE() << "not touched";
    }
    if ((*caller)->scopes.empty()) return Fail(Reason::kNotFound, "no organization");
    return (*caller)->scopes[0];
  }

  FreshDatabase db_;
  SystemClock clock_;
  Session session_{ConnectionSettings{.conninfo = db_.ConnInfo()}};
  SystemRandom random_;
};

TEST_F(Control, OrganizationsAreFoundBySlugAndById) {
  const Organization acme = MakeOrganization("acme");
  EXPECT_EQ(FindOrganization(session_, "ACME").value().id, acme.id);
  EXPECT_EQ(FindOrganization(session_, std::to_string(acme.id.value)).value().slug, "acme");
  EXPECT_EQ(FindOrganization(session_, "other").error().reason, Reason::kNotFound);
  EXPECT_EQ(CreateOrganization(session_, "acme", "x").error().reason, Reason::kConflict);
  for (const char* bad : {"", "Acme", "-a", "12", "a b", "a'b"}) {
    EXPECT_EQ(CreateOrganization(session_, bad, "x").error().reason, Reason::kInvalidArgument)
        << bad;
  }
}

TEST_F(Control, AProjectIsOnlyFoundInItsOrganization) {
  const Organization acme = MakeOrganization("acme");
  const Organization other = MakeOrganization("other");
  const Project web = MakeProject(acme, "web");
  EXPECT_EQ(FindProject(session_, acme.id, "web").value().platform, "python");
  EXPECT_EQ(FindProject(session_, other.id, "web").error().reason, Reason::kNotFound);
  EXPECT_EQ(FindProject(session_, other.id, std::to_string(web.id.value)).error().reason,
            Reason::kNotFound);
  EXPECT_EQ(CreateProject(session_, acme.id, "web", "x", "").error().reason, Reason::kConflict);
  EXPECT_TRUE(CreateProject(session_, other.id, "web", "x", ""));
  EXPECT_EQ(ListProjects(session_, acme.id).value().size(), 1u);
}

TEST_F(Control, EveryChangeIngestMustSeeRaisesTheDirectoryVersion) {
  std::int64_t version = DirectoryVersion(session_).value();
  auto raised = [&](const char* what) {
    const std::int64_t now = DirectoryVersion(session_).value();
    EXPECT_GT(now, version) << what;
    version = now;
  };
  const Project web = MakeProject(MakeOrganization("acme"), "web");
  raised("project created");
  const ProjectKey key = CreateKey(session_, random_, web.id, "Default").value();
  raised("key created");
  ASSERT_TRUE(SetKeyRateLimit(session_, web.id, key.public_key, 100, 60));
  raised("rate limit");
  ASSERT_TRUE(RevokeKey(session_, web.id, key.public_key));
  raised("key revoked");
  ASSERT_TRUE(ChangeProjectSettings(session_, web.id,
                                    R"({"allowed_origins":["a.example","b"],"scrub_data":false,
                                        "filters":["localhost"],"filtered_releases":["0.*"],
                                        "filtered_messages":["x*"],
                                        "filtered_addresses":["::1"]})"));
  raised("settings");
  ASSERT_TRUE(SetProjectActive(session_, web.id, false));
  raised("project disabled");

  const DirectorySnapshot snapshot = LoadDirectory(session_).value();
  EXPECT_EQ(snapshot.version, version);
  const KeyEntry* entry = snapshot.FindKey(key.public_key);
  ASSERT_NE(entry, nullptr);
  EXPECT_FALSE(entry->active);
  EXPECT_EQ(entry->rate_limit_count, 100);
  EXPECT_EQ(entry->rate_limit_window_s, 60);
  const ProjectEntry* project = snapshot.FindProject(web.id);
  ASSERT_NE(project, nullptr);
  EXPECT_FALSE(project->active);
  EXPECT_FALSE(project->scrub_data);
  EXPECT_FALSE(project->scrub_ip_addresses);
  EXPECT_THAT(project->allowed_origins, ElementsAre("a.example", "b"));
  EXPECT_THAT(project->filters, ElementsAre("localhost"));
  EXPECT_THAT(project->filtered_releases, ElementsAre("0.*"));
  EXPECT_THAT(project->filtered_messages, ElementsAre("x*"));
  EXPECT_THAT(project->filtered_addresses, ElementsAre("::1"));
}

TEST_F(Control, ASettingOfTheWrongTypeCountsAsAbsent) {
  const Project web = MakeProject(MakeOrganization("acme"), "web");
  ASSERT_TRUE(
      ChangeProjectSettings(session_, web.id, R"({"allowed_origins":7,"scrub_data":"no"})"));
  const DirectorySnapshot snapshot = LoadDirectory(session_).value();
  EXPECT_TRUE(snapshot.FindProject(web.id)->allowed_origins.empty());
  EXPECT_TRUE(snapshot.FindProject(web.id)->scrub_data);
  EXPECT_EQ(ChangeProjectSettings(session_, web.id, "{not json").error().reason,
            Reason::kInvalidArgument);
}

TEST_F(Control, KeysBelongToTheirProject) {
  const Organization acme = MakeOrganization("acme");
  const Project web = MakeProject(acme, "web");
  const Project app = MakeProject(acme, "app");
  const ProjectKey key = CreateKey(session_, random_, web.id, "Default").value();
  EXPECT_EQ(key.public_key.size(), 32u);
  EXPECT_EQ(FindKey(session_, app.id, key.public_key).error().reason, Reason::kNotFound);
  EXPECT_EQ(RevokeKey(session_, app.id, key.public_key).error().reason, Reason::kNotFound);
  EXPECT_EQ(SetKeyRateLimit(session_, web.id, key.public_key, 5, 0).error().reason,
            Reason::kInvalidArgument);
  EXPECT_EQ(CreateKey(session_, random_, ProjectId{77}, "x").error().reason,
            Reason::kInvalidArgument);
  EXPECT_EQ(ListKeys(session_, web.id).value().size(), 1u);
}

TEST_F(Control, PasswordsAreCheckedAndNeverStored) {
  ASSERT_TRUE(CreateUser(session_, "Ann@Example.com", "Ann", "correct horse"));
  EXPECT_EQ(CreateUser(session_, "ann@example.com", "x", "").error().reason, Reason::kConflict);
  EXPECT_EQ(CreateUser(session_, "b@example.com", "x", "short").error().reason,
            Reason::kInvalidArgument);
  EXPECT_EQ(CreateUser(session_, "nobody", "x", "").error().reason, Reason::kInvalidArgument);
  const auto user = CheckPassword(session_, "ann@example.com", "correct horse");
  ASSERT_TRUE(user) << user.error().detail;
  EXPECT_EQ(user->name, "Ann");
  EXPECT_FALSE(CheckPassword(session_, "ann@example.com", "wrong horse"));
  EXPECT_FALSE(CheckPassword(session_, "no@example.com", "correct horse"));
  EXPECT_EQ(db_.Number("select count(*) from control.app_user where password_hash like '%horse%'"),
            0);
  ASSERT_TRUE(SetUserActive(session_, user->id, false));
  EXPECT_FALSE(CheckPassword(session_, "ann@example.com", "correct horse"));
}

TEST_F(Control, ATokenOpensItsOrganizationUntilItIsRevokedOrExpires) {
  const Organization acme = MakeOrganization("acme");
  const Project web = MakeProject(acme, "web");
  MakeProject(MakeOrganization("other"), "web");
  const MintedToken minted = CreateToken(session_, random_,
                                         {.kind = "organization",
                                          .organization = acme.id,
                                          .name = "ci",
                                          .scopes = {"event:write"}})
                                 .value();
  const auto scope = Resolve(minted.text);
  ASSERT_TRUE(scope) << scope.error().detail;
  EXPECT_EQ(scope->OrganizationSlug(), "acme");
  EXPECT_THAT(scope->Projects(), ElementsAre(web.id));
  EXPECT_TRUE(scope->Allows("event:read"));
  EXPECT_FALSE(scope->Allows("event:admin"));
  EXPECT_FALSE(scope->Allows("project:read"));
  EXPECT_EQ(db_.Number("select count(*) from control.token where last_used_at is not null"), 1);
  EXPECT_EQ(
      db_.Number("select count(*) from control.token where hash = sha256('" + minted.text + "')"),
      1);

  EXPECT_EQ(Resolve(minted.text + "0").error().reason, Reason::kUnauthenticated);
  EXPECT_EQ(RevokeToken(session_, OrganizationId{99}, minted.token.id).error().reason,
            Reason::kNotFound);
  ASSERT_TRUE(RevokeToken(session_, acme.id, minted.token.id));
  EXPECT_FALSE(Resolve(minted.text));

  NewToken old{.kind = "process", .organization = acme.id, .scopes = {"org:read"}};
  old.expires_at = Timestamp{1'000'000};
  EXPECT_FALSE(Resolve(CreateToken(session_, random_, old).value().text));
}

TEST_F(Control, AUserTokenDiesWithTheMembership) {
  const Organization acme = MakeOrganization("acme");
  const User ann = CreateUser(session_, "ann@example.com", "Ann", "").value();
  const std::string text =
      CreateToken(
          session_, random_,
          {.kind = "user", .organization = acme.id, .user = ann.id, .scopes = {"org:admin"}})
          .value()
          .text;
  EXPECT_FALSE(Resolve(text)) << "not a member yet";
  EXPECT_TRUE(OrganizationsOf(session_, ann.id).value().empty());
  ASSERT_TRUE(AddMember(session_, acme.id, ann.id, "owner"));
  EXPECT_EQ(OrganizationsOf(session_, ann.id).value().at(0).slug, "acme");
  const auto scope = Resolve(text);
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->User(), ann.id);
  EXPECT_TRUE(scope->Allows("org:read"));
  ASSERT_TRUE(SetUserActive(session_, ann.id, false));
  EXPECT_FALSE(Resolve(text));
  EXPECT_EQ(AddMember(session_, acme.id, ann.id, "emperor").error().reason,
            Reason::kInvalidArgument);
}

TEST_F(Control, TeamsDecideWhatAMemberSees) {
  const Organization acme = MakeOrganization("acme");
  const Project web = MakeProject(acme, "web");
  const Project app = MakeProject(acme, "app");
  const AuditBy by{{}, "test", {}, clock_.Now()};
  const TeamId team = CreateTeam(session_, by, acme.id, "core", "Core").value();
  EXPECT_EQ(CreateTeam(session_, by, acme.id, "core", "x").error().reason, Reason::kConflict);
  ASSERT_TRUE(AddProjectToTeam(session_, by, acme.id, team, web.id).value());
  EXPECT_FALSE(AddProjectToTeam(session_, by, acme.id, team, web.id).value());
  const User ann = CreateUser(session_, "ann@example.com", "Ann", "").value();
  const std::string text =
      CreateToken(session_, random_,
                  {.kind = "user", .organization = {}, .user = ann.id, .scopes = {"event:admin"}})
          .value()
          .text;
  auto sees = [&](std::string_view role) {
    EXPECT_TRUE(AddMember(session_, acme.id, ann.id, role));
    return Resolve(text).value().Projects();
  };
  EXPECT_THAT(sees("member"), ElementsAre());
  EXPECT_THAT(sees("admin"), ElementsAre(web.id, app.id));
  ASSERT_TRUE(AddToTeam(session_, by, acme.id, team, ann.id).value());
  EXPECT_THAT(sees("member"), ElementsAre(web.id));
  EXPECT_TRUE(Resolve(text).value().Allows("event:admin"));
  EXPECT_THAT(sees("viewer"), ElementsAre(web.id));
  EXPECT_FALSE(Resolve(text).value().Allows("event:write")) << "never more than the role";
  ASSERT_TRUE(RemoveFromTeam(session_, by, acme.id, team, ann.id).value());
  EXPECT_THAT(sees("member"), ElementsAre());

  const Organization other = MakeOrganization("other");
  EXPECT_EQ(FindTeam(session_, other.id, "core", {}).error().reason, Reason::kNotFound);
  EXPECT_EQ(AddToTeam(session_, by, other.id, team, ann.id).error().reason, Reason::kNotFound);
  EXPECT_EQ(
      AddProjectToTeam(session_, by, acme.id, team, MakeProject(other, "web").id).error().reason,
      Reason::kNotFound);
  EXPECT_EQ(RemoveTeam(session_, by, other.id, team).error().reason, Reason::kNotFound);
  EXPECT_EQ(ReadAudit(session_, acme.id, "", 0, 100).value().size(), 4u);
  EXPECT_TRUE(ReadAudit(session_, other.id, "", 0, 100).value().empty());
}

TEST_F(Control, DictionariesNeverChangeUnderAnId) {
  const std::string bytes("\x37\xa4\x30\xec\0\xff", 6);
  ASSERT_TRUE(AddDictionary(session_, 4'000'000'000u, bytes));
  ASSERT_TRUE(AddDictionary(session_, 4'000'000'000u, bytes));
  EXPECT_EQ(AddDictionary(session_, 4'000'000'000u, "other").error().reason, Reason::kConflict);
  const auto all = LoadDictionaries(session_).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].id, 4'000'000'000u);
  EXPECT_EQ(all[0].bytes, bytes);
}

}  // namespace
}  // namespace mishap
