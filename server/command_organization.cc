// mishap organization create|list.
#include <cstdio>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/only_one.h"

namespace mishap {

Result<Organization> ChooseOrganization(Session& session, const std::string& slug) {
  if (!slug.empty()) return FindOrganization(session, slug);
  auto all = ListOrganizations(session);
  if (!all) return Fail(all.error());
  if (all->size() == 1) return all->front();
  if (all->empty()) {
    return Fail(Reason::kNotFound,
                "there is no organization yet: `mishap organization create SLUG`");
  }
  std::string slugs;
  for (const Organization& organization : *all) {
    slugs += (slugs.empty() ? "" : ", ") + organization.slug;
  }
  return Fail(Reason::kInvalidArgument,
              fmt::format("say which with --organization; there are {}", slugs));
}

Result<std::optional<TeamId>> ChooseTeam(Session& session, OrganizationId organization,
                                         const std::string& slug) {
  if (!slug.empty()) {
    auto team = FindTeam(session, organization, slug, {});
    if (!team) return Fail(team.error());
    return std::optional(team->id);
  }
  auto all = ReadTeams(session, organization, {});
  if (!all) return Fail(all.error());
  return all->size() == 1 ? std::optional(all->front().id) : std::nullopt;
}

AuditBy ByCommandLine(const CommandContext& context) {
  return {{}, "command line", {}, context.clock.Now()};
}

int RunOrganizationCreate(CommandContext& context, const OrganizationCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto made = CreateOrganization(database->Use(), options.slug,
                                 options.name.empty() ? options.slug : options.name);
  if (!made) return PrintError(made.error());
  PrintTable(context, {"Id", "Slug", "Name"},
             {{fmt::format("{}", made->id.value), made->slug, made->name}}, "");
  return 0;
}

int RunOrganizationList(CommandContext& context) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto all = ListOrganizations(database->Use());
  if (!all) return PrintError(all.error());
  std::vector<std::vector<std::string>> rows;
  for (const Organization& organization : *all) {
    rows.push_back({fmt::format("{}", organization.id.value), organization.slug, organization.name,
                    FormatTimestamp(organization.created_at)});
  }
  PrintTable(context, {"Id", "Slug", "Name", "Created at"}, rows, "no organizations yet");
  return 0;
}

}  // namespace mishap
