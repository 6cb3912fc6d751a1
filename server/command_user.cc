// mishap user create|list|password|on|off.
#include <cstdio>
#include <iostream>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/only_one.h"
#include "storage/account/login_store.h"
#include "storage/user_store.h"

namespace mishap {
namespace {

Result<std::string> PasswordFromInput() {
  std::string password;
  if (!std::getline(std::cin, password)) {
    return Fail(Reason::kInvalidArgument, "--password-stdin: standard input is empty");
  }
  return password;
}

}  // namespace

int RunUserCreate(CommandContext& context, const UserCommand& options) {
  std::string password;
  if (options.password_stdin) {
    auto read = PasswordFromInput();
    if (!read) return PrintError(read.error());
    password = std::move(*read);
  }
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  Session& session = database->Use();
  auto organization = ChooseOrganization(session, options.organization);
  if (!organization) return PrintError(organization.error());
  auto team = ChooseTeam(session, organization->id, options.team);
  if (!team) return PrintError(team.error());
  auto user = CreateUser(session, options.email, options.name, password);
  if (!user) return PrintError(user.error());
  auto member = AddMember(session, organization->id, user->id, options.role);
  if (!member) return PrintError(member.error());
  if (*team) {
    auto joined = AddToTeam(session, ByCommandLine(context), organization->id, **team, user->id);
    if (!joined) return PrintError(joined.error());
  }
  PrintTable(context, {"Id", "Email", "Organization", "Role"},
             {{fmt::format("{}", user->id.value), user->email, organization->slug, options.role}},
             "");
  return 0;
}

int RunUserList(CommandContext& context) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto users = ListUsers(database->Use());
  if (!users) return PrintError(users.error());
  std::vector<std::vector<std::string>> rows;
  for (const User& user : *users) {
    rows.push_back({fmt::format("{}", user.id.value), user.email, user.name,
                    user.active ? "active" : "off", user.has_password ? "yes" : "no"});
  }
  PrintTable(context, {"Id", "Email", "Name", "State", "Password"}, rows, "no users yet");
  return 0;
}

int RunUserPassword(CommandContext& context, const UserCommand& options) {
  auto password = PasswordFromInput();
  if (!password) return PrintError(password.error());
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  Session& session = database->Use();
  auto user = FindUser(session, options.email);
  if (!user) return PrintError(user.error());
  if (auto set = SetPassword(session, user->id, *password); !set) return PrintError(set.error());
  auto ended = EndSessionsExcept(session, user->id, {}, context.clock.Now());
  if (!ended) return PrintError(ended.error());
  fmt::print("{} has a new password; every login of before has ended\n", user->email);
  return 0;
}

int RunUserActive(CommandContext& context, const UserCommand& options, bool active) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  Session& session = database->Use();
  auto user = FindUser(session, options.email);
  if (!user) return PrintError(user.error());
  if (auto set = SetUserActive(session, user->id, active); !set) return PrintError(set.error());
  fmt::print("{} {}\n", user->email,
             active ? "can sign in again" : "is off: logins and tokens open nothing");
  return 0;
}

}  // namespace mishap
