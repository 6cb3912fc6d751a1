#include "jobs/directory_refresher.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <latch>

#include "jobs/directory_file.h"

namespace mishap {
namespace {

DirectorySnapshot SnapshotOf(std::int64_t version, const std::string& key = "abc") {
  DirectorySnapshot out;
  out.version = version;
  KeyEntry entry;
  entry.id = KeyId{3};
  entry.project = ProjectId{2};
  entry.public_key = key;
  entry.rate_limit_count = 100;
  entry.rate_limit_window_s = 60;
  out.keys.emplace(key, entry);
  ProjectEntry project;
  project.id = ProjectId{2};
  project.organization = OrganizationId{1};
  project.slug = "shop";
  project.allowed_origins = {"https://a.example", "*"};
  project.scrub_data = false;
  project.scrub_ip_addresses = true;
  project.sensitive_fields = {"iban\"\\"};
  project.safe_fields = {"zähler"};
  project.filters = {"web-crawlers", "localhost"};
  project.filtered_releases = {"web@0.*"};
  project.filtered_messages = {"*ResizeObserver \"loop\"*"};
  project.filtered_addresses = {"10.0.0.0/8"};
  project.grouping.current = {2, "g1", "function:a -app\n", "type:\"x\" -> y", "{}"};
  project.grouping.previous = GroupingSetup{1, "g1", "", "", "{}"};
  project.grouping.transition_until.micros = 77;
  out.projects.emplace(project.id, project);
  return out;
}

class DirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = ::testing::TempDir() + "directory-" + std::to_string(::getpid()) + "-" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // A database with one snapshot, or none.
  DirectoryLoader Database() {
    return [this](std::int64_t known) -> Result<DirectorySnapshot> {
      asked_with_.push_back(known);
      if (away_) return Fail(Reason::kUnavailable, "connection refused");
      if (known != database_.version) return database_;
      DirectorySnapshot unchanged;
      unchanged.version = known;
      return unchanged;
    };
  }

  std::string path_;
  DirectorySnapshot database_ = SnapshotOf(7);
  bool away_ = false;
  std::vector<std::int64_t> asked_with_;
};

TEST_F(DirectoryTest, TheFileKeepsEveryField) {
  const DirectorySnapshot written = SnapshotOf(7);
  ASSERT_TRUE(WriteDirectoryFile(path_, written));
  auto read = ReadDirectoryFile(path_);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ(WriteDirectoryJson(**read), WriteDirectoryJson(written));
  const KeyEntry* key = (*read)->FindKey("abc");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->id, KeyId{3});
  EXPECT_EQ(key->project, ProjectId{2});
  EXPECT_TRUE(key->active);
  EXPECT_EQ(key->rate_limit_count, 100);
  EXPECT_EQ(key->rate_limit_window_s, 60);
  const ProjectEntry* project = (*read)->FindProject(ProjectId{2});
  ASSERT_NE(project, nullptr);
  EXPECT_EQ(project->organization, OrganizationId{1});
  EXPECT_EQ(project->slug, "shop");
  EXPECT_TRUE(project->active);
  EXPECT_FALSE(project->scrub_data);
  EXPECT_TRUE(project->scrub_ip_addresses);
  EXPECT_EQ(project->allowed_origins, (std::vector<std::string>{"https://a.example", "*"}));
  EXPECT_EQ(project->sensitive_fields, (std::vector<std::string>{"iban\"\\"}));
  EXPECT_EQ(project->safe_fields, (std::vector<std::string>{"zähler"}));
  EXPECT_EQ(project->grouping, written.FindProject(ProjectId{2})->grouping);
  EXPECT_EQ(project->filters, (std::vector<std::string>{"web-crawlers", "localhost"}));
  EXPECT_EQ(project->filtered_releases, (std::vector<std::string>{"web@0.*"}));
  EXPECT_EQ(project->filtered_messages, (std::vector<std::string>{"*ResizeObserver \"loop\"*"}));
  EXPECT_EQ(project->filtered_addresses, (std::vector<std::string>{"10.0.0.0/8"}));
  EXPECT_EQ((*read)->version, 7);
}

// Written before there were filters: after an upgrade without a database it still says who may
// send.
TEST_F(DirectoryTest, AFileWithoutFiltersIsRead) {
  std::string json = WriteDirectoryJson(SnapshotOf(7));
  std::size_t filters = json.find(",\"filters\"");
  ASSERT_NE(filters, std::string::npos);
  json.erase(filters, json.find(",\"grouping\"", filters) - filters);
  auto read = ParseDirectoryJson(json);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->FindProject(ProjectId{2})->filters.empty());
  EXPECT_EQ(read->FindProject(ProjectId{2})->safe_fields.size(), 1u);
}

TEST_F(DirectoryTest, TheFileIsPrivateAndLeavesNoTemporary) {
  ASSERT_TRUE(WriteDirectoryFile(path_, SnapshotOf(7)));
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(DirectoryTest, BadFilesAreErrorsNotCrashes) {
  EXPECT_FALSE(*ReadDirectoryFile(path_)) << "no file is no error";
  for (const char* text : {"", "{", "[]", "{\"format\":2}", "{\"format\":1}",
                           R"({"format":1,"version":1,"keys":[{"id":1}],"projects":[]})",
                           R"({"format":1,"version":1,"keys":[],"projects":[{"id":"x"}]})"}) {
    EXPECT_FALSE(ParseDirectoryJson(text)) << text;
  }
  EXPECT_FALSE(WriteDirectoryFile("/nonexistent/directory.json", SnapshotOf(1)));
}

TEST_F(DirectoryTest, NothingIsKnownAtTheVeryFirstStart) {
  DirectoryRefresher directory(path_, Database());
  ASSERT_NE(directory.Current(), nullptr);
  EXPECT_TRUE(directory.Current()->keys.empty());
  EXPECT_FALSE(directory.IsAuthoritative()) << "an unknown key is 503 yet, not 403";
}

TEST_F(DirectoryTest, IngestNeedsNoDatabase) {
  {
    DirectoryRefresher directory(path_, Database());
    ASSERT_TRUE(directory.Refresh());
    EXPECT_TRUE(directory.IsAuthoritative());
  }
  away_ = true;
  DirectoryRefresher directory(path_, Database());
  EXPECT_FALSE(directory.Refresh());
  EXPECT_FALSE(directory.IsAuthoritative());
  EXPECT_NE(directory.Current()->FindKey("abc"), nullptr);
}

TEST_F(DirectoryTest, ADamagedFileIsIgnored) {
  std::ofstream(path_) << "{\"format\":1,";
  DirectoryRefresher directory(path_, Database());
  EXPECT_TRUE(directory.Current()->keys.empty());
  EXPECT_TRUE(directory.Refresh());
  EXPECT_EQ((*ReadDirectoryFile(path_))->version, 7);
}

TEST_F(DirectoryTest, AnUnchangedVersionKeepsTheSnapshot) {
  DirectoryRefresher directory(path_, Database());
  ASSERT_TRUE(directory.Refresh());
  const auto first = directory.Current();
  std::filesystem::remove(path_);
  ASSERT_TRUE(directory.Refresh());
  EXPECT_EQ(directory.Current(), first);
  EXPECT_FALSE(std::filesystem::exists(path_)) << "nothing changed, nothing written";
  database_ = SnapshotOf(8, "new-key");
  ASSERT_TRUE(directory.Refresh());
  EXPECT_NE(directory.Current()->FindKey("new-key"), nullptr);
  EXPECT_EQ(directory.Current()->FindKey("abc"), nullptr);
  EXPECT_NE(first->FindKey("abc"), nullptr) << "whoever holds the old one keeps it";
  EXPECT_EQ(asked_with_, (std::vector<std::int64_t>{-1, 7, 7}));
}

TEST_F(DirectoryTest, AfterAnOutageEverythingIsReadAgain) {
  DirectoryRefresher directory(path_, Database());
  ASSERT_TRUE(directory.Refresh());
  away_ = true;
  EXPECT_FALSE(directory.Refresh());
  EXPECT_FALSE(directory.IsAuthoritative());
  EXPECT_NE(directory.Current()->FindKey("abc"), nullptr) << "known keys go on working";
  away_ = false;
  database_ = SnapshotOf(7, "restored");  // another database, the same number
  ASSERT_TRUE(directory.Refresh());
  EXPECT_TRUE(directory.IsAuthoritative());
  EXPECT_NE(directory.Current()->FindKey("restored"), nullptr);
}

TEST_F(DirectoryTest, TheFileOfAnOlderDatabaseDoesNotWin) {
  ASSERT_TRUE(WriteDirectoryFile(path_, SnapshotOf(7, "old")));
  DirectoryRefresher directory(path_, Database());
  ASSERT_TRUE(directory.Refresh());
  EXPECT_EQ(directory.Current()->FindKey("old"), nullptr);
  EXPECT_NE(directory.Current()->FindKey("abc"), nullptr);
}

TEST_F(DirectoryTest, AFileThatCannotBeWrittenIsTriedAgain) {
  const std::string folder = path_ + ".d";
  std::filesystem::remove_all(folder);
  DirectoryRefresher directory(folder + "/directory.json", Database());
  EXPECT_TRUE(directory.Refresh()) << "ingest works without the file";
  std::filesystem::create_directory(folder);
  EXPECT_TRUE(directory.Refresh());
  EXPECT_EQ((*ReadDirectoryFile(folder + "/directory.json"))->version, 7);
  std::filesystem::remove_all(folder);
}

TEST_F(DirectoryTest, TheThreadRefreshesAndStopsAtOnce) {
  std::latch refreshed(1);
  bool once = false;
  DirectoryRefresher directory("", [&](std::int64_t) -> Result<DirectorySnapshot> {
    if (!std::exchange(once, true)) refreshed.count_down();
    return SnapshotOf(7);
  });
  directory.Start();
  refreshed.wait();
  directory.Stop();
  EXPECT_TRUE(directory.IsAuthoritative());
}

}  // namespace
}  // namespace mishap
