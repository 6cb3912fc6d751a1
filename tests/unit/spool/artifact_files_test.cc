#include "spool/artifact_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/sha1.h"

namespace mishap {
namespace {

class ArtifactFilesTest : public ::testing::Test {
 protected:
  ArtifactFilesTest() { std::filesystem::remove_all(directory_); }
  ~ArtifactFilesTest() override { std::filesystem::remove_all(directory_); }

  std::string Put(const std::string& bytes) {
    auto sha1 = Sha1Hex(bytes);
    EXPECT_TRUE(files_.PutChunk(kUs, sha1, bytes));
    return sha1;
  }

  bool HasFile(std::string_view sha1) { return files_.FileSize(sha1).has_value(); }

  static constexpr OrganizationId kUs{1};
  static constexpr OrganizationId kOthers{2};
  const std::string directory_ = ::testing::TempDir() + "/mishap_artifacts_" +
                                 ::testing::UnitTest::GetInstance()->current_test_info()->name();
  std::unique_ptr<Env> env_ = MakePosixEnv();
  SystemRandom random_;
  ArtifactFiles files_{*env_, directory_, random_, {.file_bytes_max = 20, .free_bytes_min = 0}};
};

TEST_F(ArtifactFilesTest, KnownChecksum) {
  EXPECT_EQ(Sha1Hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST_F(ArtifactFilesTest, PutTogetherInTheOrderGiven) {
  auto a = Put("first "), b = Put("second");
  auto whole = Sha1Hex("first second");
  EXPECT_FALSE(HasFile(whole));
  EXPECT_EQ(files_.Assemble(kUs, whole, {a, b}).value_or(0), 12u);
  EXPECT_TRUE(HasFile(whole));
  EXPECT_EQ(files_.FileSize(whole).value_or(0), 12u);
  EXPECT_EQ(files_.ReadFile(whole, 12).value_or(""), "first second");
  EXPECT_EQ(files_.ReadFile(whole, 11).error().reason, Reason::kTooLarge);
}

TEST_F(ArtifactFilesTest, PiecesOfOthersAreNobodyElses) {
  auto a = Put("secret");
  EXPECT_FALSE(files_.HasChunk(kOthers, a));
  auto whole = Sha1Hex("secret");
  ASSERT_TRUE(files_.Assemble(kUs, whole, {a}));
  EXPECT_EQ(files_.Assemble(kOthers, whole, {a}).error().reason, Reason::kNotFound);
  EXPECT_EQ(files_.Assemble(kOthers, whole, {}).error().reason, Reason::kInvalidArgument)
      << "the checksum alone opens nothing";
  ASSERT_TRUE(files_.PutChunk(kOthers, a, "secret"));
  EXPECT_TRUE(files_.Assemble(kOthers, whole, {a})) << "who has the bytes has the file";
}

TEST_F(ArtifactFilesTest, FilesThatComeWhole) {
  auto sha1 = files_.PutFile("source map");
  ASSERT_TRUE(sha1);
  EXPECT_EQ(*sha1, Sha1Hex("source map"));
  EXPECT_EQ(files_.PutFile("source map").value_or(""), *sha1) << "again";
  EXPECT_EQ(files_.ReadFile(*sha1, 100).value_or(""), "source map");
  EXPECT_EQ(files_.PutFile("more than twenty bytes").error().reason, Reason::kTooLarge);
}

TEST_F(ArtifactFilesTest, OtherBytesThanTheChecksumSays) {
  EXPECT_EQ(files_.PutChunk(kUs, Sha1Hex("a"), "b").error().reason, Reason::kInvalidArgument);
  EXPECT_FALSE(files_.HasChunk(kUs, Sha1Hex("a")));
  auto a = Put("a"), b = Put("b");
  auto whole = Sha1Hex("ab");
  EXPECT_EQ(files_.Assemble(kUs, whole, {b, a}).error().reason, Reason::kInvalidArgument);
  EXPECT_FALSE(HasFile(whole));
  EXPECT_TRUE(files_.Assemble(kUs, whole, {a, b})) << "a failure is not remembered";
}

TEST_F(ArtifactFilesTest, MissingTooLargeAndNamesThatAreNone) {
  auto a = Put("0123456789a"), b = Put("0123456789b");
  EXPECT_EQ(files_.Assemble(kUs, Sha1Hex("x"), {a, Sha1Hex("absent")}).error().reason,
            Reason::kNotFound);
  EXPECT_EQ(files_.Assemble(kUs, Sha1Hex("x"), {a, b}).error().reason, Reason::kTooLarge);
  for (auto* name : {"", "../../etc/passwd", "A9993E364706816ABA3E25717850C26C9CD0D89D"}) {
    EXPECT_FALSE(files_.HasChunk(kUs, name));
    EXPECT_FALSE(HasFile(name));
    EXPECT_FALSE(files_.PutChunk(kUs, name, "abc"));
    EXPECT_FALSE(files_.Assemble(kUs, name, {a}));
  }
}

TEST_F(ArtifactFilesTest, OldPiecesLeave) {
  auto a = Put("a");
  EXPECT_EQ(files_.DropChunksBefore({}).value_or(-1), 0);
  EXPECT_TRUE(files_.HasChunk(kUs, a));
  EXPECT_EQ(files_.DropChunksBefore({INT64_MAX}).value_or(-1), 1);
  EXPECT_FALSE(files_.HasChunk(kUs, a));
}

}  // namespace
}  // namespace mishap
