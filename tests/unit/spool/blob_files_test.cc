// Blobs on a real directory: names, modes, a full disk, days that are dropped.
#include "spool/blob_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"

namespace mishap {
namespace {

namespace fs = std::filesystem;

const std::string kHex = "0123456789abcdef0123456789abcdef";
constexpr Timestamp kMay1{1'777'629'600 * kMicrosPerSecond};  // 2026-05-01T10:00:00Z

class BlobFilesTest : public testing::Test {
 protected:
  BlobFilesTest() { fs::create_directory(home_); }
  ~BlobFilesTest() override { fs::remove_all(home_); }

  SystemRandom random_;
  const std::string home_ = testing::TempDir() + "blob_files_" + random_.Hex(6);
  std::unique_ptr<Env> env_ = MakePosixEnv();
  BlobFiles blobs_{*env_, home_ + "/attachments", random_, {0}};
};

TEST_F(BlobFilesTest, WritesOnceReadsAndRemoves) {
  const std::string bytes = std::string("\0\n\xFF", 3) + std::string(3 << 20, 'x');
  const auto name = blobs_.Write(ProjectId{42}, kMay1, kHex, bytes);
  ASSERT_TRUE(name) << name.error().detail;
  EXPECT_EQ(*name, "20260501/42/" + kHex);
  EXPECT_EQ(blobs_.Read(*name).value(), bytes);
  const fs::path path = home_ + "/attachments/" + *name;
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(path.parent_path()).permissions(), fs::perms::owner_all);
  // The same again, as after an answer that was lost; nothing else is left lying about.
  EXPECT_EQ(blobs_.Write(ProjectId{42}, kMay1, kHex, bytes).value(), *name);
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
  blobs_.Remove(*name);
  EXPECT_EQ(blobs_.Read(*name).error().reason, Reason::kNotFound);
  blobs_.Remove(*name);
  EXPECT_TRUE(blobs_.Write(ProjectId{42}, kMay1, kHex, ""));
  EXPECT_EQ(blobs_.Read(*name).value(), "");
}

TEST_F(BlobFilesTest, OpensNothingButItsOwnNames) {
  for (const std::string& name :
       {std::string("../../etc/passwd"), std::string(""), std::string("20260501/42/"),
        "20260501/../" + kHex, "20260501/42/x/" + kHex, "20260501/42/" + kHex + "/..",
        "2026050/42/" + kHex, "20260501/42/" + kHex.substr(1) + "."}) {
    EXPECT_EQ(blobs_.Read(name).error().reason, Reason::kNotFound) << name;
    blobs_.Remove(name);
  }
  EXPECT_FALSE(blobs_.Write(ProjectId{42}, kMay1, "../../../x", "y"));
}

TEST_F(BlobFilesTest, AFullDiskIsSaidBeforeItIsFull) {
  BlobFiles strict(*env_, home_ + "/attachments", random_, {UINT64_MAX / 2});
  EXPECT_EQ(strict.Write(ProjectId{42}, kMay1, kHex, "x").error().reason, Reason::kOverloaded);
}

TEST_F(BlobFilesTest, DaysAreDroppedWhole) {
  EXPECT_EQ(blobs_.DropDaysBefore(kMay1).value(), 0);  // no directory yet
  const Timestamp before{kMay1.micros - 2 * kMicrosPerDay};
  const auto old = blobs_.Write(ProjectId{1}, before, kHex, "old");
  const auto kept = blobs_.Write(ProjectId{1}, kMay1, kHex, "kept");
  fs::create_directory(home_ + "/attachments/someone's");
  EXPECT_EQ(blobs_.DropDaysBefore(kMay1).value(), 1);
  EXPECT_FALSE(blobs_.Read(*old));
  EXPECT_EQ(blobs_.Read(*kept).value(), "kept");
  EXPECT_TRUE(fs::exists(home_ + "/attachments/someone's"));
  EXPECT_EQ(blobs_.DropDaysBefore(kMay1).value(), 0);
}

}  // namespace
}  // namespace mishap
