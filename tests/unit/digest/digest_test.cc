// The whole digest with its threads, on an in-memory spool and database.
#include "digest/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <numeric>

#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using namespace mishap::testing;

constexpr std::chrono::seconds kPlenty{30};

class DigestTest : public ::testing::Test {
 protected:
  DigestTest() {
    options_.bounds.linger = std::chrono::milliseconds(0);
    options_.bounds.read_wait = std::chrono::milliseconds(1);
    options_.bounds.records_max = 10;
    options_.workers = 4;
    options_.batches_in_flight_max = 6;
  }
  std::unique_ptr<Digest> Make() {
    return std::make_unique<Digest>(
        DigestGround{spool_, writer_, metrics_, clock_, random_},
        [this] { return std::make_unique<WordPreparer>(before_prepare_); }, options_);
  }
  static std::vector<std::uint64_t> Range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> out(last - first + 1);
    std::iota(out.begin(), out.end(), first);
    return out;
  }

  FakeSpool spool_;
  FakeWriter writer_;
  Metrics metrics_;
  FixedClock clock_;
  CountingRandom random_;
  DigestOptions options_;
  std::function<void(const SpoolRecord&)> before_prepare_;
};

TEST_F(DigestTest, StoresEverythingInOrderWithManyWorkers) {
  spool_.Fill(1, 2000);
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(1, 2000));
  EXPECT_EQ(spool_.Released(), 2001u);
  EXPECT_EQ(digest->Status().backlog_records, 0u);
  EXPECT_EQ(digest->Status().lag_seconds, 0);
}

// The first batch is held back until three later ones are prepared: they must not overtake it.
TEST_F(DigestTest, ASlowBatchIsNotOvertaken) {
  std::latch later_batches(3);
  before_prepare_ = [&](const SpoolRecord& record) {
    if (record.seq == 1) later_batches.wait();
    if (record.seq == 20 || record.seq == 30 || record.seq == 40) later_batches.count_down();
  };
  spool_.Fill(1, 100);
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(1, 100));
}

TEST_F(DigestTest, RecordsThatArriveLaterAreStoredToo) {
  auto digest = Make();
  digest->Start();
  for (std::uint64_t first = 1; first < 300; first += 50) {
    spool_.Fill(first, first + 49);
    ASSERT_TRUE(digest->Drain(kPlenty));
  }
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(1, 300));
}

TEST_F(DigestTest, AnOutageIsWaitedOutAndStopDoesNotWaitForIt) {
  spool_.Fill(1, 100);
  writer_.position_failures = 2;
  writer_.refusals.assign(2, Refusal{});
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  EXPECT_EQ(writer_.stored, Range(1, 100));
  EXPECT_EQ(digest->Status().last_error, "");
  digest->Stop();

  FakeWriter gone;
  gone.position_failures = 1 << 30;
  Digest stuck(
      {spool_, gone, metrics_, clock_, random_}, [] { return std::make_unique<WordPreparer>(); },
      options_);
  stuck.Start();
  stuck.Stop();  // a hang here is the failure
  EXPECT_TRUE(gone.stored.empty());
}

TEST_F(DigestTest, AFenceInTheMiddleRestartsAtThePosition) {
  spool_.Fill(1, 200);
  writer_.before_commit = [&](const DigestBatch& batch) {
    if (batch.expected_seq != 51) return;
    std::lock_guard lock(writer_.mutex_);
    if (writer_.position == 51) writer_.position = 100;  // somebody else stored 51..99
  };
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  auto want = Range(1, 50);
  const auto rest = Range(100, 200);
  want.insert(want.end(), rest.begin(), rest.end());
  EXPECT_EQ(writer_.stored, want);
}

TEST_F(DigestTest, ADatabaseSetBackGetsTheRecordsAgainAndDedupes) {
  spool_.Fill(1, 200);
  bool set_back = false;
  writer_.before_commit = [&](const DigestBatch& batch) {
    if (batch.expected_seq != 101 || set_back) return;
    set_back = true;
    std::lock_guard lock(writer_.mutex_);
    writer_.position = 21;
  };
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(1, 200));
  EXPECT_EQ(writer_.duplicates, 80u);
}

TEST_F(DigestTest, PoisonAndUndecodableRecordsDoNotStopTheirNeighbours) {
  spool_.Fill(1, 99);
  spool_.Put(RecordOf(100, "junk"));
  spool_.Fill(101, 150);
  writer_.poison = {33, 34, 120};
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(writer_.stored.size(), 146u);
  EXPECT_EQ(writer_.dead_letters.size(), 4u);
  EXPECT_EQ(metrics_.GetCounter("mishap_dead_letter_total", "", "reason=\"database\"").Value(), 3);
  EXPECT_EQ(metrics_.GetCounter("mishap_dead_letter_total", "", "reason=\"undecodable\"").Value(),
            1);
  EXPECT_EQ(writer_.position, 151u);
}

// Decisions 1.6, with a process that "dies": what its file said at the moment of the poison is what
// the next one finds.
TEST_F(DigestTest, ARecordThatKillsTheProcessIsSetAsideAfterThreeCrashes) {
  namespace fs = std::filesystem;
  const std::string live = ::testing::TempDir() + "digest-test-live";
  const std::string dead = ::testing::TempDir() + "digest-test-dead";
  fs::remove(live);
  options_.open_range_path = live;
  spool_.Fill(1, 60);
  int deaths = 0;
  while (deaths < 10) {
    fs::remove(dead);
    std::latch died(1);
    std::latch buried(1);
    std::atomic<bool> crashed{false};
    before_prepare_ = [&](const SpoolRecord& record) {
      if (record.seq != 37) return;
      fs::copy_file(live, dead);
      crashed = true;
      died.count_down();
      buried.wait();
    };
    auto digest = Make();
    digest->Start();
    // Either it drains, or record 37 is looked at.
    while (!crashed && !digest->Drain(std::chrono::milliseconds(20))) {
    }
    if (!crashed) {
      digest->Stop();
      break;
    }
    died.wait();
    // A dead process commits nothing more.
    {
      std::lock_guard lock(writer_.mutex_);
      writer_.refusals.assign(1000, Refusal{});
    }
    buried.count_down();
    digest.reset();
    writer_.refusals.clear();
    fs::copy_file(dead, live, fs::copy_options::overwrite_existing);
    ++deaths;
  }
  fs::remove(live);
  fs::remove(dead);
  EXPECT_EQ(deaths, 3);
  ASSERT_EQ(writer_.dead_letters.size(), 1u);
  EXPECT_EQ(writer_.dead_letters[0].seq, 37u);
  EXPECT_EQ(writer_.dead_letters[0].reason, "crash");
  EXPECT_EQ(writer_.dead_letters[0].payload, "event");
  EXPECT_EQ(writer_.StoredSeqs().size(), 59u);
  EXPECT_EQ(writer_.position, 61u);
}

// docs/durability.md: restarts during an outage count against nobody.
TEST_F(DigestTest, WhileTheDatabaseIsAwayNoRangeIsOpen) {
  const std::string path = ::testing::TempDir() + "digest-test-outage";
  std::filesystem::remove(path);
  options_.open_range_path = path;
  writer_.refusals.assign(1'000'000, Refusal{});
  std::atomic<int> looked_at{0};
  before_prepare_ = [&](const SpoolRecord&) { ++looked_at; };
  spool_.Fill(1, 60);
  auto digest = Make();
  digest->Start();
  const auto text = [&] {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto end = std::chrono::steady_clock::now() + kPlenty;
  bool rests = false;  // all six batches are prepared and wait
  while (!rests && std::chrono::steady_clock::now() < end) {
    EXPECT_FALSE(digest->Drain(std::chrono::milliseconds(1)));
    rests = looked_at == 60 && text().find("open ") == std::string::npos;
  }
  EXPECT_TRUE(rests) << text();
  digest->Stop();
  std::filesystem::remove(path);
}

// An old copy of the spool, no database, and a process that ends before it comes back: what was
// acknowledged meanwhile is new, though its numbers were used before.
TEST_F(DigestTest, WhatWasAppendedBeforeAPositionAheadIsStoredAlsoAfterARestart) {
  options_.unconfirmed_end_path = ::testing::TempDir() + "digest-test-unconfirmed";
  std::filesystem::remove(options_.unconfirmed_end_path);
  spool_.Fill(1, 100);
  writer_.position = 500;
  writer_.position_failures = 1 << 30;
  {
    auto digest = Make();
    spool_.Fill(101, 150);
    digest->Start();
  }
  EXPECT_TRUE(std::filesystem::exists(options_.unconfirmed_end_path));
  writer_.position_failures = 0;
  auto digest = Make();
  digest->Start();
  const auto end = std::chrono::steady_clock::now() + kPlenty;
  while (writer_.StoredSeqs().size() < 50 && std::chrono::steady_clock::now() < end) {
    (void)digest->Drain(std::chrono::milliseconds(1));  // at once while the position is ahead
  }
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(101, 150));
  EXPECT_FALSE(std::filesystem::exists(options_.unconfirmed_end_path));
}

TEST_F(DigestTest, ASuspectRangeIsAloneInFlight) {
  const std::string path = ::testing::TempDir() + "digest-test-suspects";
  std::filesystem::remove(path);
  {
    OpenRanges crashed(path, SomeSpoolId());
    for (std::uint64_t first = 101; first < 400; first += 10) crashed.Open({first, first + 10});
    crashed.Open({1, 50});  // stored before the crash, its range not closed any more
  }
  options_.open_range_path = path;
  writer_.position = 51;
  std::atomic<int> not_alone{0};
  before_prepare_ = [&](const SpoolRecord& record) {
    if (record.seq < 101 || record.seq > 400 || record.seq % 10 != 1) return;
    std::lock_guard lock(writer_.mutex_);
    if (writer_.position != record.seq) ++not_alone;  // something before it is still in flight
  };
  spool_.Fill(51, 500);
  auto digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(not_alone, 0);
  EXPECT_EQ(writer_.stored, Range(51, 500));
  const std::string left = OpenRanges(path, SomeSpoolId()).Text();
  EXPECT_EQ(left.find("waiting"), std::string::npos) << left;
  std::filesystem::remove(path);
}

TEST_F(DigestTest, StopInTheMiddleLosesNothing) {
  spool_.Fill(1, 3000);
  std::latch begun(1);
  std::once_flag once;
  writer_.before_commit = [&](const DigestBatch& batch) {
    if (batch.expected_seq > 100) std::call_once(once, [&] { begun.count_down(); });
  };
  auto digest = Make();
  digest->Start();
  begun.wait();
  digest->Stop();
  EXPECT_EQ(spool_.Released(), writer_.position) << "released is stored";
  digest = Make();
  digest->Start();
  ASSERT_TRUE(digest->Drain(kPlenty));
  digest->Stop();
  EXPECT_EQ(writer_.stored, Range(1, 3000));
  EXPECT_EQ(writer_.duplicates, 0u) << "the position excludes replays";
}

}  // namespace
}  // namespace mishap
