// See cli.h. One function per noun declares its subcommands; each leaf stores its Command in the
// invocation.
#include "server/cli.h"

#include <CLI/CLI.hpp>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/nearest.h"
#include "server/version.h"
#include "storage/account/role.h"

namespace mishap {
namespace {

using App = CLI::App;

// What a flag of a leaf sets in the config.
void SettingFlag(App* app, Invocation& out, const std::string& flag, const std::string& key,
                 const std::string& help) {
  app->add_option_function<std::string>(
         flag,
         [&out, flag, key](const std::string& text) {
           out.settings.push_back({key, text, flag});
         },
         help)
      ->type_name("VALUE");
}

void ConfigFlags(App* app, Invocation& out) {
  app->add_option("--config", out.config_file, "TOML file (default: /etc/mishap/mishap.toml)");
  app->add_option_function<std::vector<std::string>>(
         "--set",
         [&out](const std::vector<std::string>& pairs) {
           for (const std::string& pair : pairs) {
             const std::size_t equals = pair.find('=');
             out.settings.push_back(
                 {pair.substr(0, equals), pair.substr(equals + 1), "--set " + pair});
           }
         },
         "any setting, e.g. --set retention.days=30 (repeatable)")
      ->check([](const std::string& pair) {
        return pair.find('=') == std::string::npos ? "'" + pair + "' is not KEY=VALUE" : "";
      })
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  SettingFlag(app, out, "--data-dir", "server.data_dir", "where Mishap keeps its files");
  SettingFlag(app, out, "--log-level", "log.level", "debug, info, warning or error");
}

void DatabaseUrlFlag(App* app, Invocation& out) {
  SettingFlag(app, out, "--database-url", "database.url",
              "an existing PostgreSQL 15+ (default: the private one in the data directory)");
}

void DatabaseFlags(App* app, Invocation& out) {
  ConfigFlags(app, out);
  DatabaseUrlFlag(app, out);
  app->add_flag("--json", out.json, "print JSON instead of a table");
}

// The options of all leaves while CLI11 fills them; a leaf copies its own into its Command.
struct Options {
  ServeCommand serve;
  bool migrate_status = false;
  OrganizationCommand organization;
  ProjectCommand project;
  KeyCommand key;
  UserCommand user;
  TokenCommand token;
  SpoolCommand spool;
  DeadLetterCommand dead_letter;
  GroupingCommand grouping;
};

App* Noun(App& root, const char* name, const char* help) {
  App* noun = root.add_subcommand(name, help);
  noun->require_subcommand(1);
  noun->footer(fmt::format("\n`mishap {} COMMAND --help` has the flags and an example.", name));
  return noun;
}

App* Leaf(App* noun, const char* name, const char* help, const char* example) {
  App* leaf = noun->add_subcommand(name, help);
  leaf->footer(std::string("\nExample:\n  mishap ") + example);
  return leaf;
}

template <class T>
void Runs(App* leaf, Invocation& out, const T& options, int (*run)(CommandContext&, const T&)) {
  leaf->callback([&out, &options, run] {
    out.run = [copy = options, run](CommandContext& context) { return run(context, copy); };
  });
}

void Runs(App* leaf, Invocation& out, int (*run)(CommandContext&)) {
  leaf->callback([&out, run] { out.run = run; });
}

void AddServe(App& root, Invocation& out, Options& options) {
  App* serve = Leaf(&root, "serve", "Take events, group them, answer the API",
                    "serve --data-dir /var/lib/mishap --listen 127.0.0.1:9000");
  ConfigFlags(serve, out);
  SettingFlag(serve, out, "--listen", "server.listen",
              "HOST:PORT for clients and API; port 0 = any");
  SettingFlag(serve, out, "--admin-listen", "server.admin_listen", "HOST:PORT of /metrics");
  SettingFlag(serve, out, "--grpc-listen", "grpc.listen",
              "HOST:PORT for gRPC, auto or off (default: auto, 127.0.0.1:9002)");
  SettingFlag(serve, out, "--public-url", "server.public_url", "how clients reach this server");
  SettingFlag(serve, out, "--database-url", "database.url",
              "an existing PostgreSQL 15+ (default: a private one in the data directory)");
  serve->add_option("--ready-file", options.serve.ready_file,
                    "written when ready: URL, DSN and a token that dies with the process, as JSON");
  Runs(serve, out, options.serve, RunServe);

  App* migrate =
      Leaf(&root, "migrate", "Bring the database to this version's schema", "migrate --status");
  DatabaseFlags(migrate, out);
  migrate->add_flag("--status", options.migrate_status, "only show what is applied");
  migrate->callback([&out, &options] {
    out.run = [status = options.migrate_status](CommandContext& context) {
      return RunMigrate(context, status);
    };
  });
}

void AddConfig(App& root, Invocation& out) {
  App* config = Noun(root, "config", "Show and check the configuration");
  App* print = Leaf(config, "print", "The effective configuration, secrets masked", "config print");
  App* check = Leaf(config, "check", "Name every mistake in file, variables and flags",
                    "config check --config /etc/mishap/mishap.toml");
  App* keys = Leaf(config, "keys", "Every setting and what it means", "config keys");
  for (App* leaf : {print, check}) {
    ConfigFlags(leaf, out);
    DatabaseUrlFlag(leaf, out);
  }
  keys->add_flag("--json", out.json, "print JSON instead of a table");
  Runs(print, out, RunConfigPrint);
  Runs(check, out, RunConfigCheck);
  Runs(keys, out, RunConfigKeys);
}

void AddOrganizationAndProject(App& root, Invocation& out, Options& options) {
  OrganizationCommand& o = options.organization;
  App* organization = Noun(root, "organization", "Organizations: who owns projects");
  App* create =
      Leaf(organization, "create", "Make one", "organization create acme --name 'Acme Inc.'");
  DatabaseFlags(create, out);
  create->add_option("slug", o.slug, "short name in URLs: a-z, 0-9, - and _")->required();
  create->add_option("--name", o.name, "display name (default: the slug)");
  Runs(create, out, o, RunOrganizationCreate);
  App* list = Leaf(organization, "list", "List them", "organization list --json");
  DatabaseFlags(list, out);
  Runs(list, out, RunOrganizationList);

  ProjectCommand& p = options.project;
  App* project = Noun(root, "project", "Projects: what events belong to");
  create = Leaf(project, "create", "Make one, with its first key; prints the DSN",
                "project create shop --organization acme --platform python");
  list = Leaf(project, "list", "List them", "project list --organization acme");
  for (App* leaf : {create, list}) {
    DatabaseFlags(leaf, out);
    leaf->add_option("--organization", p.organization, "slug (default: the only one there is)");
  }
  create->add_option("slug", p.slug, "short name in URLs: a-z, 0-9, - and _")->required();
  create->add_option("--name", p.name, "display name (default: the slug)");
  create->add_option("--platform", p.platform, "python, javascript, ruby, ...");
  create->add_option("--team", p.team, "whose members see it (default: the only one there is)");
  Runs(create, out, p, RunProjectCreate);
  Runs(list, out, p, RunProjectList);
}

void AddKey(App& root, Invocation& out, Options& options) {
  KeyCommand& k = options.key;
  App* key = Noun(root, "key", "Client keys: the DSNs of a project");
  App* create =
      Leaf(key, "create", "Make one; prints the DSN", "key create --project shop --name mobile");
  App* list = Leaf(key, "list", "List keys and DSNs", "key list --project shop");
  App* revoke = Leaf(key, "revoke", "Stop taking events with a key",
                     "key revoke 0123456789abcdef0123456789abcdef");
  for (App* leaf : {create, list, revoke}) DatabaseFlags(leaf, out);
  for (App* leaf : {create, list}) {
    leaf->add_option("--organization", k.organization, "slug (default: the only one there is)");
  }
  create->add_option("--project", k.project, "slug")->required();
  list->add_option("--project", k.project, "slug (default: all)");
  create->add_option("--name", k.name, "what it is for");
  revoke->add_option("public-key", k.public_key, "32 hex digits, as in the DSN")->required();
  Runs(create, out, k, RunKeyCreate);
  Runs(list, out, k, RunKeyList);
  Runs(revoke, out, k, RunKeyRevoke);
}

void AddUser(App& root, Invocation& out, Options& options) {
  UserCommand& u = options.user;
  App* user = Noun(root, "user", "People who sign in");
  App* create = Leaf(user, "create", "Make one",
                     "user create ann@example.com --role owner --password-stdin < password.txt");
  DatabaseFlags(create, out);
  create->add_option("email", u.email, "e-mail address")->required();
  create->add_option("--name", u.name, "display name");
  create->add_option("--organization", u.organization, "slug (default: the only one there is)");
  create->add_option("--role", u.role, "what the person may do")
      ->capture_default_str()
      ->check(CLI::IsMember({"owner", "manager", "admin", "member", "viewer"}));
  create->add_option("--team", u.team, "slug (default: the only one there is)");
  create->add_flag("--password-stdin", u.password_stdin, "read a password from standard input");
  Runs(create, out, u, RunUserCreate);
  App* list = Leaf(user, "list", "List them", "user list");
  DatabaseFlags(list, out);
  Runs(list, out, RunUserList);
  App* password = Leaf(user, "password", "Set a password from standard input; ends all logins",
                       "user password ann@example.com < password.txt");
  App* off = Leaf(user, "off", "Logins and tokens open nothing", "user off ann@example.com");
  App* on = Leaf(user, "on", "Undo that", "user on ann@example.com");
  for (App* leaf : {password, off, on}) {
    DatabaseFlags(leaf, out);
    leaf->add_option("email", u.email, "e-mail address")->required();
  }
  Runs(password, out, u, RunUserPassword);
  Runs(
      off, out, u, +[](CommandContext& context, const UserCommand& who) {
        return RunUserActive(context, who, false);
      });
  Runs(
      on, out, u, +[](CommandContext& context, const UserCommand& who) {
        return RunUserActive(context, who, true);
      });
}

void AddToken(App& root, Invocation& out, Options& options) {
  TokenCommand& t = options.token;
  App* token = Noun(root, "token", "API tokens");
  App* create = Leaf(token, "create", "Make one; it is shown once",
                     "token create --user ann@example.com --name laptop --scope event:read");
  App* list = Leaf(token, "list", "List them (never the token itself)", "token list");
  App* revoke = Leaf(token, "revoke", "End one", "token revoke 7");
  for (App* leaf : {create, list, revoke}) DatabaseFlags(leaf, out);
  create->add_option("--user", t.user, "e-mail of the person it acts for");
  create->add_option("--organization", t.organization,
                     "slug; without --user: a token of the organization itself");
  create->add_option("--name", t.name, "what it is for");
  create->add_option("--scope", t.scopes, "what it may do (repeatable; default: read and triage)")
      ->check(CLI::IsMember(AllScopes()));
  create->add_option("--expires-days", t.expires_days, "0 = never")->capture_default_str();
  revoke->add_option("id", t.id, "the number in `mishap token list`")->required();
  Runs(create, out, t, RunTokenCreate);
  Runs(list, out, RunTokenList);
  Runs(revoke, out, t, RunTokenRevoke);
}

void AddGrouping(App& root, Invocation& out, Options& options) {
  App* grouping = Noun(root, "grouping", "How events become issues");
  App* explain =
      Leaf(grouping, "explain", "Keys and explanation tree of an event as an SDK sends it",
           "grouping explain event.json");
  explain->add_option("event", options.grouping.event_file, "file, - = standard input")->required();
  explain->add_flag("--json", out.json, "print JSON");
  Runs(explain, out, options.grouping, RunGroupingExplain);
  App* diff = Leaf(grouping, "diff", "What separates two events, or why they are one issue",
                   "grouping diff a.json b.json");
  diff->add_option("first", options.grouping.event_file,
                   "file: an event's JSON, an envelope, a CSP report")
      ->required();
  diff->add_option("second", options.grouping.second_file, "file, as the first")->required();
  diff->add_flag("--json", out.json, "print JSON");
  Runs(diff, out, options.grouping, RunGroupingDiff);
  App* compare = Leaf(grouping, "compare",
                      "same or different for each line A.json<TAB>B.json of standard input",
                      "grouping compare --batch < pairs.tsv");
  compare->add_flag("--batch", options.grouping.batch, "read pairs from standard input")
      ->required();
  Runs(compare, out, options.grouping, RunGroupingCompare);
  App* preview =
      Leaf(grouping, "preview", "What changed rules would do to the stored events of a project",
           "grouping preview --project shop --rules stack.txt");
  DatabaseFlags(preview, out);
  preview->add_option("--project", options.grouping.project, "its slug or id")->required();
  preview->add_option("--organization", options.grouping.organization,
                      "slug, if there are several");
  preview->add_option("--algorithm", options.grouping.algorithm, "another algorithm's id");
  preview->add_option("--events", options.grouping.events_max, "how many to look at")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  Runs(preview, out, options.grouping, RunGroupingPreview);
  for (App* leaf : {explain, diff, compare, preview}) {
    leaf->add_option("--rules,--stack-trace-rules", options.grouping.stack_trace_rules,
                     "file of a project's stack trace rules");
    leaf->add_option("--fingerprint-rules", options.grouping.fingerprint_rules,
                     "file of a project's fingerprint rules");
    leaf->add_option("--grouping-options", options.grouping.grouping_options,
                     "file of a project's grouping options");
  }
}

void AddTools(App& root, Invocation& out, Options& options) {
  App* spool = Noun(root, "spool", "The durable log between the doors and the database");
  App* inspect = Leaf(spool, "inspect", "Segments, records and damage; changes nothing",
                      "spool inspect --data-dir /var/lib/mishap");
  DatabaseFlags(inspect, out);
  inspect->add_option("directory", options.spool.directory,
                      "a spool (default: the data directory's)");
  Runs(inspect, out, options.spool, RunSpoolInspect);

  DeadLetterCommand& d = options.dead_letter;
  App* dead = Noun(root, "dead-letter", "Records that could not be stored");
  App* list = Leaf(dead, "list", "List them", "dead-letter list --project 1");
  App* show = Leaf(dead, "show", "Reason and payload of one", "dead-letter show 4711");
  App* retry =
      Leaf(dead, "retry", "Put one, or all, back into the spool", "dead-letter retry 4711");
  for (App* leaf : {list, show, retry}) {
    DatabaseFlags(leaf, out);
    leaf->add_option("--project", d.project, "project id (default: all)");
  }
  list->add_option("--limit", d.limit, "newest first")->capture_default_str();
  show->add_option("seq", d.seq, "its number in the spool")->required();
  retry->add_option("seq", d.seq, "its number in the spool");
  retry->add_flag("--all", d.all, "all of them");
  for (App* leaf : {show, retry})
    leaf->add_option("--spool", d.spool, "spool id, when there are several");
  Runs(list, out, d, RunDeadLetterList);
  Runs(show, out, d, RunDeadLetterShow);
  Runs(retry, out, d, RunDeadLetterRetry);

  Runs(Leaf(&root, "version", "Version of this binary", "version"), out, RunVersion);
}

// The deepest subcommand the words reached.
App* Reached(App* app) {
  for (;;) {
    const auto parsed = app->get_subcommands();
    if (parsed.empty()) return app;
    app = parsed.front();
  }
}

std::vector<std::string> WordsOf(App* app, bool flags) {
  std::vector<std::string> words;
  if (!flags) {
    for (const App* sub : app->get_subcommands([](App*) { return true; }))
      words.push_back(sub->get_name());
    return words;
  }
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

int Complain(App& root, const CLI::ParseError& error) {
  App* app = Reached(&root);
  const std::vector<std::string> extras = root.remaining(true);
  std::string said = error.what();
  if (!extras.empty()) {
    const std::string word = extras.front().substr(0, extras.front().find('='));
    const bool flag = word.starts_with('-');
    said = fmt::format("{} has no {} '{}'", app->get_name(), flag ? "flag" : "command", word);
    const std::string nearest = Nearest(word, WordsOf(app, flag));
    if (!nearest.empty()) said += fmt::format("; did you mean '{}'?", nearest);
  }
  std::string path;
  for (App* at = app; at != nullptr; at = at->get_parent()) {
    path.insert(0, at->get_name() + " ");
  }
  fmt::print(stderr, "mishap: {}\nTry: {}--help\n", said, path);
  return 2;
}

}  // namespace

std::variant<Invocation, int> ParseCommandLine(int argc, const char* const* argv) {
  Invocation out;
  Options options;
  App root("Mishap: an error tracker for Sentry SDKs.", "mishap");
  root.require_subcommand(1);
  root.set_version_flag("--version", "mishap " + std::string(kVersion));
  root.footer(
      "\nExamples:\n"
      "  mishap serve --data-dir ./data           a server with a private PostgreSQL\n"
      "  mishap project create shop               a project and its DSN\n"
      "  mishap grouping explain event.json       why an event groups as it does\n"
      "\nSettings come from a TOML file, then MISHAP_SECTION__KEY variables, then flags;\n"
      "`mishap config keys` lists them. Every command has --help.");
  AddServe(root, out, options);
  AddConfig(root, out);
  AddOrganizationAndProject(root, out, options);
  AddKey(root, out, options);
  AddUser(root, out, options);
  AddToken(root, out, options);
  AddGrouping(root, out, options);
  AddTools(root, out, options);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& e) {  // --help
    return root.exit(e);
  } catch (const CLI::ParseError& e) {
    return Complain(root, e);
  }
  return out;
}

}  // namespace mishap
