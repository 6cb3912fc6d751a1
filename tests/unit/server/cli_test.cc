// The command line: what flags become, and what a mistake is answered with.
#include "server/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Standard error and the exit status of a command line that must not run.
struct Refusal {
  int status = 0;
  std::string words;
};

Refusal Refused(std::vector<const char*> words) {
  words.insert(words.begin(), "mishap");
  ::testing::internal::CaptureStderr();
  auto parsed = ParseCommandLine(static_cast<int>(words.size()), words.data());
  Refusal out;
  out.words = ::testing::internal::GetCapturedStderr();
  if (const int* status = std::get_if<int>(&parsed)) {
    out.status = *status;
  } else {
    ADD_FAILURE() << "the command line was accepted";
  }
  return out;
}

TEST(CommandLine, FlagsBecomeSettingsInTheirOrder) {
  const std::vector<const char*> words = {"mishap",        "serve",    "--listen",
                                          "127.0.0.1:0",   "--set",    "log.level=error",
                                          "--data-dir=/d", "--config", "c.toml"};
  auto parsed = ParseCommandLine(static_cast<int>(words.size()), words.data());
  ASSERT_TRUE(std::holds_alternative<Invocation>(parsed));
  const auto& invocation = std::get<Invocation>(parsed);
  EXPECT_TRUE(invocation.run);
  EXPECT_EQ(invocation.config_file, "c.toml");
  Config config;
  EXPECT_TRUE(ApplySettings(invocation.settings, config).empty());
  EXPECT_EQ(config.server.listen, "127.0.0.1:0");
  EXPECT_EQ(config.server.data_dir, "/d");
  EXPECT_EQ(config.log.level, LogLevel::kError);
}

TEST(CommandLine, WrongFlagNamesTheNearest) {
  const Refusal refusal = Refused({"serve", "--lisen", "x"});
  EXPECT_EQ(refusal.status, 2);
  EXPECT_THAT(refusal.words, AllOf(HasSubstr("'--lisen'"), HasSubstr("did you mean '--listen'?"),
                                   HasSubstr("mishap serve --help")));
}

TEST(CommandLine, WrongCommandNamesTheNearest) {
  EXPECT_THAT(Refused({"projct", "list"}).words, HasSubstr("did you mean 'project'?"));
  EXPECT_THAT(Refused({"project", "creat", "x"}).words, HasSubstr("did you mean 'create'?"));
}

TEST(CommandLine, MissingWordsAreNamed) {
  EXPECT_EQ(Refused({}).status, 2);
  EXPECT_THAT(Refused({"project", "create"}).words, HasSubstr("slug"));
  EXPECT_THAT(Refused({"key", "revoke"}).words, HasSubstr("public-key"));
  EXPECT_EQ(Refused({"project"}).status, 2);
}

TEST(CommandLine, WrongValuesNameTheRightOnes) {
  EXPECT_THAT(Refused({"user", "create", "a@b.c", "--role", "king"}).words,
              AllOf(HasSubstr("king"), HasSubstr("manager")));
  EXPECT_THAT(Refused({"token", "create", "--user", "a@b.c", "--scope", "foo:bar"}).words,
              AllOf(HasSubstr("foo:bar"), HasSubstr("event:read")));
  EXPECT_THAT(Refused({"serve", "--set", "retention.days"}).words,
              HasSubstr("'retention.days' is not KEY=VALUE"));
}

TEST(CommandLine, NoFlagIsTakenAndIgnored) {
  EXPECT_THAT(Refused({"config", "print", "--json"}).words, HasSubstr("no flag '--json'"));
  EXPECT_THAT(Refused({"config", "check", "--json"}).words, HasSubstr("no flag '--json'"));
}

TEST(CommandLine, SaysItsVersion) {
  const std::vector<const char*> words = {"mishap", "--version"};
  ::testing::internal::CaptureStdout();
  auto parsed = ParseCommandLine(2, words.data());
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), ::testing::StartsWith("mishap "));
  ASSERT_TRUE(std::holds_alternative<int>(parsed));
  EXPECT_EQ(std::get<int>(parsed), 0);
}

TEST(CommandLine, EveryCommandExplainsItself) {
  const std::vector<std::vector<const char*>> leaves = {{"serve"},
                                                        {"migrate"},
                                                        {"version"},
                                                        {"config", "print"},
                                                        {"config", "check"},
                                                        {"config", "keys"},
                                                        {"organization", "create"},
                                                        {"organization", "list"},
                                                        {"project", "create"},
                                                        {"project", "list"},
                                                        {"key", "create"},
                                                        {"key", "list"},
                                                        {"key", "revoke"},
                                                        {"user", "create"},
                                                        {"user", "list"},
                                                        {"token", "create"},
                                                        {"token", "list"},
                                                        {"token", "revoke"},
                                                        {"spool", "inspect"},
                                                        {"dead-letter", "list"},
                                                        {"dead-letter", "show"},
                                                        {"dead-letter", "retry"},
                                                        {"grouping", "explain"},
                                                        {"grouping", "diff"},
                                                        {"grouping", "compare"}};
  for (std::vector<const char*> words : leaves) {
    words.insert(words.begin(), "mishap");
    words.push_back("--help");
    ::testing::internal::CaptureStdout();
    auto parsed = ParseCommandLine(static_cast<int>(words.size()), words.data());
    const std::string help = ::testing::internal::GetCapturedStdout();
    ASSERT_TRUE(std::holds_alternative<int>(parsed)) << words[1];
    EXPECT_EQ(std::get<int>(parsed), 0) << words[1];
    EXPECT_THAT(help, AllOf(HasSubstr("Example:"), HasSubstr(std::string("mishap ") + words[1])))
        << words[1];
  }
}

}  // namespace
}  // namespace mishap
