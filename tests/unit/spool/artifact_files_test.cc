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
    EXPECT_TRUE(files_.PutChunk(sha1, bytes));
    return sha1;
  }

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
  EXPECT_FALSE(files_.HasFile(whole));
  EXPECT_EQ(files_.Assemble(whole, {a, b}).value_or(0), 12u);
  EXPECT_TRUE(files_.HasFile(whole));
  EXPECT_EQ(files_.Assemble(whole, {}).value_or(0), 12u) << "known: nothing is needed any more";
}

TEST_F(ArtifactFilesTest, OtherBytesThanTheChecksumSays) {
  EXPECT_EQ(files_.PutChunk(Sha1Hex("a"), "b").error().reason, Reason::kInvalidArgument);
  EXPECT_FALSE(files_.HasChunk(Sha1Hex("a")));
  auto a = Put("a"), b = Put("b");
  auto whole = Sha1Hex("ab");
  EXPECT_EQ(files_.Assemble(whole, {b, a}).error().reason, Reason::kInvalidArgument);
  EXPECT_FALSE(files_.HasFile(whole));
  EXPECT_TRUE(files_.Assemble(whole, {a, b})) << "a failure is not remembered";
}

TEST_F(ArtifactFilesTest, MissingTooLargeAndNamesThatAreNone) {
  auto a = Put("0123456789a"), b = Put("0123456789b");
  EXPECT_EQ(files_.Assemble(Sha1Hex("x"), {a, Sha1Hex("absent")}).error().reason,
            Reason::kNotFound);
  EXPECT_EQ(files_.Assemble(Sha1Hex("x"), {a, b}).error().reason, Reason::kTooLarge);
  for (auto* name : {"", "../../etc/passwd", "A9993E364706816ABA3E25717850C26C9CD0D89D"}) {
    EXPECT_FALSE(files_.HasChunk(name));
    EXPECT_FALSE(files_.HasFile(name));
    EXPECT_FALSE(files_.PutChunk(name, "abc"));
    EXPECT_FALSE(files_.Assemble(name, {a}));
  }
}

TEST_F(ArtifactFilesTest, OldPiecesLeave) {
  auto a = Put("a");
  EXPECT_EQ(files_.DropChunksBefore({}).value_or(-1), 0);
  EXPECT_TRUE(files_.HasChunk(a));
  EXPECT_EQ(files_.DropChunksBefore({INT64_MAX}).value_or(-1), 1);
  EXPECT_FALSE(files_.HasChunk(a));
}

}  // namespace
}  // namespace mishap
