// The config: files, variables and flags in their order, and what a mistake is answered with.
#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "server/dsn_of.h"
#include "server/nearest.h"

namespace mishap {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string TemporaryFile(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + "/mishap_config_test_" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Config, LaterSettingsWin) {
  Config config;
  EXPECT_THAT(ApplySettings({{"retention.days", "30", "mishap.toml:1"},
                             {"retention.days", "14", "MISHAP_RETENTION__DAYS"},
                             {"retention.days", "7", "--set"}},
                            config),
              IsEmpty());
  EXPECT_EQ(config.retention.days, 7);
}

TEST(Config, EveryMistakeIsNamedAtOnceWithItsSource) {
  Config config;
  const auto errors = ApplySettings({{"server.lisen", "x", "mishap.toml:3"},
                                     {"server.listen", "nowhere", "--listen"},
                                     {"log.level", "loud", "MISHAP_LOG__LEVEL"},
                                     {"retention.days", "0", "mishap.toml:9"},
                                     {"server.trusted_proxies", "10.0.0.0/99", "mishap.toml:4"},
                                     {"server.public_url", "errors.example.com", "--public-url"},
                                     {"spool.segment_bytes", "12 parsecs", "mishap.toml:5"}},
                                    config);
  EXPECT_THAT(errors, ElementsAre(AllOf(HasSubstr("mishap.toml:3"),
                                        HasSubstr("did you mean 'server.listen'?")),
                                  AllOf(HasSubstr("--listen"), HasSubstr("HOST:PORT")),
                                  AllOf(HasSubstr("MISHAP_LOG__LEVEL"), HasSubstr("loud")),
                                  AllOf(HasSubstr("mishap.toml:9"), HasSubstr("1 to 3650")),
                                  HasSubstr("10.0.0.0/99"), HasSubstr("https://"),
                                  HasSubstr("not a whole number")));
}

TEST(Config, SizesHaveUnits) {
  Config config;
  EXPECT_THAT(ApplySettings({{"spool.segment_bytes", "16MiB", "f"},
                             {"spool.spool_bytes_max", "2 GiB", "f"},
                             {"spool.free_bytes_min", "0", "f"}},
                            config),
              IsEmpty());
  EXPECT_EQ(config.spool.segment_bytes, 16u << 20);
  EXPECT_EQ(config.spool.spool_bytes_max, 2ull << 30);
  EXPECT_EQ(config.spool.free_bytes_min, 0u);
  EXPECT_THAT(ApplySettings({{"spool.segment_bytes", "9999999999999GiB", "f"}}, config),
              Not(IsEmpty()));
}

TEST(Config, VariablesNameSectionAndKey) {
  std::vector<std::string> errors;
  const std::string secret = TemporaryFile("secret", "postgresql://u:hidden@db/m\n");
  const auto settings = SettingsFromEnvironment({{"MISHAP_SERVER__LISTEN", "127.0.0.1:1"},
                                                 {"MISHAP_DATABASE__URL_FILE", secret},
                                                 {"MISHAP_DATA_DIR", "not a setting"},
                                                 {"PATH", "/bin"}},
                                                errors);
  Config config;
  EXPECT_THAT(ApplySettings(settings, config), IsEmpty());
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(config.server.listen, "127.0.0.1:1");
  EXPECT_EQ(config.database.url, "postgresql://u:hidden@db/m");
}

TEST(Config, AnUnreadableSecretFileIsAnError) {
  std::vector<std::string> errors;
  SettingsFromEnvironment({{"MISHAP_DATABASE__URL_FILE", "/does/not/exist"}}, errors);
  EXPECT_THAT(errors, ElementsAre(AllOf(HasSubstr("MISHAP_DATABASE__URL_FILE"),
                                        HasSubstr("/does/not/exist"))));
}

TEST(Config, PrintsEverythingButSecretsAndReadsItBack) {
  Config config;
  ASSERT_THAT(ApplySettings({{"database.url", "postgresql://u:hidden@db/m", "f"},
                             {"server.trusted_proxies", "10.0.0.0/8,::1", "f"},
                             {"server.public_url", "https://errors.example.com/x", "f"}},
                            config),
              IsEmpty());
  std::string printed = PrintConfig(config);
  EXPECT_THAT(printed, AllOf(Not(HasSubstr("hidden")), HasSubstr("url = \"********\"")));
  const std::size_t masked = printed.find("********");
  printed.replace(masked, 8, "");  // an empty URL is valid, stars are not
  auto settings = ReadTomlSettings(TemporaryFile("printed.toml", printed));
  ASSERT_TRUE(settings) << settings.error().detail;
  Config again;
  EXPECT_THAT(ApplySettings(*settings, again), IsEmpty());
  again.database.url = config.database.url;
  EXPECT_EQ(PrintConfig(again), PrintConfig(config));
  for (const ConfigKey& key : ConfigKeys()) {
    EXPECT_THAT(printed, HasSubstr(std::string(key.key.substr(key.key.find('.') + 1)) + " = "));
  }
}

TEST(Config, TomlMistakesHaveLineAndColumn) {
  auto broken = ReadTomlSettings(TemporaryFile("broken.toml", "[server]\nlisten = 127.0.0.1\n"));
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().detail, HasSubstr("broken.toml:2:"));
  EXPECT_EQ(ReadTomlSettings("/does/not/exist.toml").error().reason, Reason::kNotFound);
  auto good = ReadTomlSettings(TemporaryFile(
      "good.toml", "[server]\n\nio_threads = 2\ntrusted_proxies = [\"::1\", \"10.0.0.1\"]\n"));
  ASSERT_TRUE(good);
  ASSERT_EQ(good->size(), 2u);
  EXPECT_THAT(good->at(0).source, HasSubstr("good.toml:3"));
  EXPECT_EQ(good->at(1).text, "::1,10.0.0.1");
  auto unsorted =
      ReadTomlSettings(TemporaryFile("unsorted.toml", "[server]\nz = 1\na = 2\n[log]\nb = 3\n"));
  ASSERT_TRUE(unsorted);
  std::string keys;
  for (const Setting& setting : *unsorted) keys += setting.key + " ";
  EXPECT_EQ(keys, "server.z server.a log.b ") << "mistakes are read from the top";
}

TEST(Config, HostAndPort) {
  EXPECT_EQ(*ParseHostPort("127.0.0.1:0"), (HostPort{"127.0.0.1", 0}));
  EXPECT_EQ(*ParseHostPort("[::1]:9000"), (HostPort{"::1", 9000}));
  EXPECT_EQ(*ParseHostPort("errors.local:65535"), (HostPort{"errors.local", 65535}));
  for (const char* bad :
       {"", "9000", ":9000", "::1:9000", "host:", "host:65536", "host:-1", "host:9 0"}) {
    EXPECT_FALSE(ParseHostPort(bad)) << bad;
  }
}

TEST(Config, DsnStandsUnderThePublicUrl) {
  EXPECT_EQ(DsnOf("https://errors.example.com/prefix/", "ab", ProjectId{42}),
            "https://ab@errors.example.com/prefix/42");
  EXPECT_EQ(DsnOf("http://127.0.0.1:9000", "ab", ProjectId{1}), "http://ab@127.0.0.1:9000/1");
}

TEST(Nearest, FindsTyposAndNothingFar) {
  const std::vector<std::string> words = {"serve", "migrate", "project", "token"};
  EXPECT_EQ(Nearest("sevre", words), "serve");
  EXPECT_EQ(Nearest("projekt", words), "project");
  EXPECT_EQ(Nearest("frobnicate", words), "");
}

}  // namespace
}  // namespace mishap
