// A spool on the simulated disk, driven by the test's own thread; and a directory of its own on the
// real disk.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/log.h"
#include "spool/local_spool.h"
#include "tests/fault/simulated_env.h"

namespace mishap {

class TestClock final : public Clock {
 public:
  Timestamp Now() const override { return {micros}; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(micros));
  }
  std::int64_t micros = 1;
};

class TestRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* at = static_cast<unsigned char*>(out);
    for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<unsigned char>(engine_());
  }

 private:
  std::mt19937_64 engine_{7};
};

inline NewRecord RecordOf(std::string payload) {
  return {RecordType::kEvent, ProjectId{1}, std::move(payload)};
}

class SpoolFixture : public ::testing::Test {
 protected:
  SpoolFixture() {
    SetLogLevel(static_cast<LogLevel>(100));  // failures are planned here
    (void)disk.CreateDirectory("disk");
    (void)disk.SyncDirectory("");
  }

  LocalSpool& Open() {
    spool.reset();
    auto opened =
        LocalSpool::Open(disk, "disk/spool", options, random, clock, LocalSpool::Driver::kCaller);
    if (!opened) {
      ADD_FAILURE() << opened.error().detail;
      std::abort();
    }
    spool = *std::move(opened);
    return *spool;
  }
  // Appends one envelope, writes it, and gives the answer.
  Status Put(std::vector<std::string> payloads) {
    std::vector<NewRecord> records;
    for (std::string& payload : payloads) records.push_back(RecordOf(std::move(payload)));
    Status answer = Fail(Reason::kInternal, "not answered");
    Status taken =
        spool->Append(std::move(records), [&](const Status& status) { answer = status; });
    if (!taken) return taken;
    spool->WriteNextGroup();
    return answer;
  }
  std::vector<SpoolRecord> ReadAll(std::uint64_t from = 0) {
    std::vector<SpoolRecord> all;
    for (;;) {
      auto batch = spool->Read(from, 100, 1 << 20, std::chrono::milliseconds(0));
      if (!batch) ADD_FAILURE() << batch.error().detail;
      if (!batch || batch->empty()) return all;
      from = batch->back().seq + 1;
      for (SpoolRecord& record : *batch) all.push_back(std::move(record));
    }
  }
  std::vector<std::string> Payloads(std::uint64_t from = 0) {
    std::vector<std::string> payloads;
    for (SpoolRecord& record : ReadAll(from)) payloads.push_back(std::move(record.payload));
    return payloads;
  }
  std::vector<std::string> SegmentPaths() {
    std::vector<std::string> paths;
    const std::vector<std::string> names = *disk.List("disk/spool");
    for (const std::string& name : names) {
      if (name.ends_with(kSegmentSuffix)) paths.push_back("disk/spool/" + name);
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  SimulatedEnv disk{1};
  TestRandom random;
  TestClock clock;
  SpoolOptions options;
  std::unique_ptr<LocalSpool> spool;
};

// Removed with everything in it at the end.
class TestDirectory {
 public:
  TestDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "mishap-spool-XXXXXX").string();
    if (!mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~TestDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::string& Path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace mishap
