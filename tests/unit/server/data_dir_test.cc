// The data directory: one holder, whole files; and the files by which dead letters go back.
#include "server/data_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "server/postgres_process.h"
#include "server/spool_retry.h"

namespace mishap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string FreshDirectory() {
  std::string path = ::testing::TempDir() + "/mishap-XXXXXX";
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  return path;
}

std::string Text(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(DataDir, IsHeldByOne) {
  const std::string directory = FreshDirectory() + "/a/b";
  {
    auto first = DataDirLock::Take(directory);
    ASSERT_TRUE(first) << first.error().detail;
    auto second = DataDirLock::Take(directory);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, Reason::kConflict);
    EXPECT_THAT(second.error().detail,
                AllOf(HasSubstr(directory), HasSubstr(std::to_string(getpid()))));
  }
  EXPECT_TRUE(DataDirLock::Take(directory));
}

TEST(DataDir, OthersMayPassButNotLook) {
  const std::string directory = FreshDirectory() + "/data";
  auto lock = DataDirLock::Take(directory);
  ASSERT_TRUE(lock);
  struct stat status {};
  ASSERT_EQ(stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0711u);
}

TEST(DataDir, FilesAreReplacedWholeWithTheirMode) {
  const std::string path = FreshDirectory() + "/file";
  ASSERT_TRUE(WriteFileAtomically(path, "first", 0600));
  ASSERT_TRUE(WriteFileAtomically(path, "second", 0600));
  EXPECT_EQ(Text(path), "second");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto nowhere = WriteFileAtomically("/does/not/exist/file", "x", 0600);
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().detail, HasSubstr("/does/not/exist"));
}

TEST(PostmasterFile, IsReadWhenWhole) {
  const std::string directory = FreshDirectory();
  EXPECT_FALSE(ReadPostmasterFile(directory));
  std::ofstream(directory + "/postmaster.pid")
      << "4711\n/d/data\n1795371552\n5432\n/run/socket\n\n  123  456\nready   \n";
  const auto file = ReadPostmasterFile(directory);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->pid, 4711);
  EXPECT_EQ(file->socket_directory, "/run/socket");
  EXPECT_EQ(file->status, "ready");
}

TEST(PostmasterFile, APidIsOursOnlyWithOurDirectory) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_TRUE(IsPostmasterOf(getpid(), here));
  EXPECT_FALSE(IsPostmasterOf(getpid(), FreshDirectory()));
  EXPECT_FALSE(IsPostmasterOf(0x3fffffff, here));
}

TEST(DescribeRecord, SaysWhatItCanOfAnything) {
  EXPECT_THAT(DescribeRecord(1, "garbage"), HasSubstr("7 bytes"));
  EXPECT_THAT(DescribeRecord(200, std::string(1000, 'x')), HasSubstr("1000 bytes"));
}

}  // namespace
}  // namespace mishap
