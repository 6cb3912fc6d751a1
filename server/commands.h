// Every command's options and its function. The command line is parsed in cli.cc; here stands what
// it means.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/command.h"

namespace mishap {

int RunVersion(CommandContext& context);

struct ServeCommand {
  std::string ready_file;  // empty: none
};
int RunServe(CommandContext& context, const ServeCommand& options);

int RunMigrate(CommandContext& context, bool status_only);

int RunConfigPrint(CommandContext& context);
int RunConfigCheck(CommandContext& context);  // errors were printed before it is called
int RunConfigKeys(CommandContext& context);

struct OrganizationCommand {
  std::string slug;
  std::string name;  // empty: the slug
};
int RunOrganizationCreate(CommandContext& context, const OrganizationCommand& options);
int RunOrganizationList(CommandContext& context);

struct ProjectCommand {
  std::string organization;  // slug; empty: the only one there is
  std::string slug;
  std::string name;
  std::string platform;
  std::string team;  // slug; empty: the only one there is
};
int RunProjectCreate(CommandContext& context, const ProjectCommand& options);
int RunProjectList(CommandContext& context, const ProjectCommand& options);

struct KeyCommand {
  std::string organization;
  std::string project;  // slug
  std::string name;
  std::string public_key;
};
int RunKeyCreate(CommandContext& context, const KeyCommand& options);
int RunKeyList(CommandContext& context, const KeyCommand& options);
int RunKeyRevoke(CommandContext& context, const KeyCommand& options);

struct UserCommand {
  std::string email;
  std::string name;
  std::string organization;  // becomes a member of it; empty: of the only one there is
  std::string role = "member";
  std::string team;  // slug; empty: the only one there is
  bool password_stdin = false;
};
int RunUserCreate(CommandContext& context, const UserCommand& options);
int RunUserList(CommandContext& context);
int RunUserPassword(CommandContext& context, const UserCommand& options);
int RunUserActive(CommandContext& context, const UserCommand& options, bool active);

struct TokenCommand {
  std::string user;          // e-mail; or:
  std::string organization;  // slug
  std::string name;
  std::vector<std::string> scopes;  // empty: reading and triage
  std::int64_t expires_days = 365;  // 0: never
  std::int64_t id = 0;
};
int RunTokenCreate(CommandContext& context, const TokenCommand& options);
int RunTokenList(CommandContext& context);
int RunTokenRevoke(CommandContext& context, const TokenCommand& options);

struct SpoolCommand {
  std::string directory;  // empty: the data directory's spool
};
int RunSpoolInspect(CommandContext& context, const SpoolCommand& options);

struct DeadLetterCommand {
  std::int64_t project = 0;  // 0: all
  std::int64_t seq = 0;      // 0: all
  std::string spool;         // hex; empty: the only one there is
  std::int64_t limit = 100;
  bool all = false;
};
int RunDeadLetterList(CommandContext& context, const DeadLetterCommand& options);
int RunDeadLetterShow(CommandContext& context, const DeadLetterCommand& options);
int RunDeadLetterRetry(CommandContext& context, const DeadLetterCommand& options);

struct GroupingCommand {
  std::string event_file;         // "-": standard input
  std::string second_file;        // diff
  std::string stack_trace_rules;  // files of a project's rules; empty: none
  std::string fingerprint_rules;
  std::string grouping_options;
  bool batch = false;
  // preview
  std::string organization;  // slug; empty: the only one there is
  std::string project;       // slug
  std::string algorithm;     // empty: the project's
  std::int64_t events_max = 100'000;
};
int RunGroupingExplain(CommandContext& context, const GroupingCommand& options);
int RunGroupingDiff(CommandContext& context, const GroupingCommand& options);
// Lines "A.json<TAB>B.json" on standard input; a line "same" or "different", a tab and the reason
// each on standard output, in the same order. "error" and status 1 for pairs that cannot be read.
int RunGroupingCompare(CommandContext& context, const GroupingCommand& options);
// Needs the database. Files of rules stand for what the project has; progress is on standard error.
int RunGroupingPreview(CommandContext& context, const GroupingCommand& options);

}  // namespace mishap
