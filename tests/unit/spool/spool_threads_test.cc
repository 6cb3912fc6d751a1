// The spool as it runs: its own thread, the real disk, many producers and one reader. Meant for
// TSan and ASan as well.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include "spool/inspect.h"
#include "tests/unit/spool/spool_fixture.h"

namespace mishap {
namespace {

using std::chrono::milliseconds;

constexpr int kProducers = 8;
constexpr int kAppendsPerProducer = 150;

class SpoolThreadsTest : public ::testing::Test {
 protected:
  SpoolThreadsTest() {
    SetLogLevel(static_cast<LogLevel>(100));
    options.segment_bytes = 64 << 10;
    options.free_bytes_min = 0;
  }
  std::unique_ptr<Spool> Open() {
    auto spool = Spool::Open(*env, directory.Path() + "/spool", options, random);
    if (!spool) ADD_FAILURE() << spool.error().detail;
    return spool ? *std::move(spool) : nullptr;
  }

  TestDirectory directory;
  std::unique_ptr<Env> env = MakePosixEnv();
  SystemRandom random;
  SpoolOptions options;
};

// Each waits for its answer before the next, as a request does.
void Produce(Spool& spool, int producer, std::atomic<int>& acked) {
  for (int i = 0; i < kAppendsPerProducer; ++i) {
    std::latch answered(1);
    std::string name = std::to_string(producer) + "/" + std::to_string(i);
    Status taken =
        spool.Append({RecordOf(name + "a"), RecordOf(name + "b")}, [&](const Status& status) {
          if (status) acked.fetch_add(1);
          answered.count_down();
        });
    ASSERT_TRUE(taken) << taken.error().detail;
    answered.wait();
  }
}

TEST_F(SpoolThreadsTest, ManyProducersOneReaderAndReleases) {
  auto spool = Open();
  ASSERT_TRUE(spool);
  std::atomic<int> acked{0};
  std::set<std::string> seen;
  constexpr std::size_t kTotal = kProducers * kAppendsPerProducer * 2;
  std::thread reader([&] {
    std::uint64_t position = 0;
    while (seen.size() < kTotal) {
      auto batch = spool->Read(position, 100, 1 << 20, milliseconds(60'000));
      ASSERT_TRUE(batch);
      ASSERT_FALSE(batch->empty());
      for (const SpoolRecord& record : *batch) {
        ASSERT_GE(record.seq, position);
        position = record.seq + 1;
        EXPECT_TRUE(seen.insert(record.payload).second) << record.payload << " came twice";
      }
      spool->Release(position);
      (void)spool->Stats();
      EXPECT_TRUE(spool->IsWritable());
    }
  });
  std::vector<std::thread> producers;
  for (int i = 0; i < kProducers; ++i)
    producers.emplace_back([&, i] { Produce(*spool, i, acked); });
  for (std::thread& producer : producers) producer.join();
  reader.join();
  EXPECT_EQ(acked.load(), kProducers * kAppendsPerProducer);
  EXPECT_EQ(seen.size(), kTotal);
  EXPECT_LE(spool->Stats().segments, 3u) << "what was read is released";
  EXPECT_EQ(spool->Stats().next_seq, kTotal + 1);
}

TEST_F(SpoolThreadsTest, CloseWakesAReaderAndAnswersEveryAppend) {
  auto spool = Open();
  ASSERT_TRUE(spool);
  std::latch started(1);
  std::thread reader([&] {
    started.count_down();
    auto batch = spool->Read(1'000'000, 10, 1000, milliseconds(60'000));
    EXPECT_TRUE(batch && batch->empty());
  });
  started.wait();
  std::atomic<int> answered{0};
  int taken = 0;
  for (int i = 0; i < 500; ++i) {
    if (spool->Append({RecordOf("x")}, [&](const Status&) { answered.fetch_add(1); })) ++taken;
  }
  spool->Close();
  reader.join();
  EXPECT_EQ(answered.load(), taken);
  EXPECT_EQ(taken, 500);
  spool.reset();
  spool = Open();
  ASSERT_TRUE(spool);
  EXPECT_EQ(spool->Recovery().records, 500u);
}

// Doors append while the digest learns the database's position: either all numbers are behind it,
// or it is told no.
TEST_F(SpoolThreadsTest, AdvancingBesideAppends) {
  for (int round = 0; round < 20; ++round) {
    auto spool = Open();
    ASSERT_TRUE(spool);
    const std::uint64_t end = spool->Stats().next_seq;
    const std::uint64_t position = end + 1000;
    std::latch start(2), answered(1);
    std::thread door([&] {
      start.arrive_and_wait();
      EXPECT_TRUE(spool->Append({RecordOf("x")}, [&](const Status&) { answered.count_down(); }));
    });
    start.arrive_and_wait();
    Status advanced = spool->AdvanceTo(position);
    door.join();
    answered.wait();
    EXPECT_EQ(spool->Stats().next_seq, (advanced ? position : end) + 1);
  }
}

TEST_F(SpoolThreadsTest, TheRealDiskKeepsTheRules) {
  auto spool = Open();
  ASSERT_TRUE(spool);
  const std::string path = directory.Path() + "/spool";
  auto second = Spool::Open(*env, path, options, random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kConflict);
  const SpoolId id = spool->Identity();
  std::latch answered(1);
  ASSERT_TRUE(spool->Append({RecordOf(std::string(200'000, 'x'))}, [&](const Status& status) {
    EXPECT_TRUE(status);
    answered.count_down();
  }));
  answered.wait();
  auto running = InspectSpool(*env, path, false);
  ASSERT_TRUE(running) << "inspect works beside a running server";
  EXPECT_THAT(*running, ::testing::HasSubstr(ToHex(id)));
  EXPECT_EQ(spool->Read(0, 1, 1, milliseconds(0))->at(0).payload.size(), 200'000u);
  spool.reset();
  spool = Open();
  EXPECT_EQ(spool->Identity(), id);
  EXPECT_EQ(spool->Read(0, 1, 1, milliseconds(0))->at(0).payload.size(), 200'000u);
}

TEST_F(SpoolThreadsTest, PosixEnvTellsItsReasons) {
  const std::string path = directory.Path() + "/file";
  auto file = env->Create(path, 1 << 20);
  ASSERT_TRUE(file);
  EXPECT_EQ(*env->Size(path), 0u) << "reserved, not written";
  EXPECT_TRUE((*file)->Append("hello"));
  EXPECT_TRUE((*file)->Sync());
  EXPECT_EQ(env->Create(path, 0).error().reason, Reason::kConflict);
  EXPECT_EQ(*env->Read(path, 1, 3), "ell");
  EXPECT_EQ(*env->Read(path, 4, 100), "o");
  EXPECT_EQ(*env->Read(path, 50, 100), "");
  EXPECT_TRUE(env->Truncate(path, 2));
  EXPECT_TRUE(env->SyncFile(path));
  EXPECT_EQ(*env->Size(path), 2u);
  EXPECT_TRUE(env->Rename(path, path + "2"));
  EXPECT_TRUE(env->SyncDirectory(directory.Path()));
  EXPECT_EQ(env->Size(path).error().reason, Reason::kNotFound);
  EXPECT_EQ(env->Read(path, 0, 1).error().reason, Reason::kNotFound);
  EXPECT_EQ(env->Remove(path).error().reason, Reason::kNotFound);
  EXPECT_EQ(env->List(path).error().reason, Reason::kNotFound);
  EXPECT_THAT(*env->List(directory.Path()), ::testing::ElementsAre("file2"));
  EXPECT_FALSE(env->Create(path, 1ull << 60)) << "what cannot be reserved shows at once";
  EXPECT_EQ(env->Size(path).error().reason, Reason::kNotFound) << "and leaves nothing";
  EXPECT_GT(*env->FreeBytes(directory.Path()), 0u);
}

}  // namespace
}  // namespace mishap
