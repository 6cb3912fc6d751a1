// How many records a second the spool makes durable, and how long a producer waits: spool_bench
// DIRECTORY [PRODUCERS] [SECONDS] [PAYLOAD_BYTES]. Each producer appends its next record when the
// last one was answered (closed loop), from the answering thread, so that the figures are the
// spool's and not those of waking threads.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "spool/spool.h"

namespace mishap {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Load {
  std::size_t producers = 64;
  int seconds = 5;
  std::size_t payload_bytes = 2500;
};

class Producers {
 public:
  Producers(Spool& spool, const Load& load)
      : spool_(spool),
        load_(load),
        end_(SteadyClock::now() + std::chrono::seconds(load.seconds)),
        finished_(static_cast<std::ptrdiff_t>(load.producers)) {}

  // Microseconds each record waited, sorted.
  std::vector<double> Run() {
    for (std::size_t i = 0; i < load_.producers; ++i) AppendNext();
    finished_.wait();
    std::lock_guard lock(mutex_);
    std::sort(waits_.begin(), waits_.end());
    return std::move(waits_);
  }

 private:
  void AppendNext() {
    const auto start = SteadyClock::now();
    if (start >= end_) return finished_.count_down();
    Status taken = spool_.Append(
        {{RecordType::kEvent, ProjectId{1}, std::string(load_.payload_bytes, 'x')}},
        [this, start](const Status& status) {
          if (!status) return Stop(status);
          const std::chrono::duration<double, std::micro> wait = SteadyClock::now() - start;
          {
            std::lock_guard lock(mutex_);
            waits_.push_back(wait.count());
          }
          AppendNext();
        });
    if (!taken) Stop(taken);
  }
  void Stop(const Status& status) {
    fmt::print(stderr, "append failed: {}\n", status.error().detail);
    finished_.count_down();
  }

  Spool& spool_;
  const Load load_;
  const SteadyClock::time_point end_;
  std::latch finished_;
  std::mutex mutex_;
  std::vector<double> waits_;
};

int Run(const std::string& directory, const Load& load) {
  SetLogLevel(LogLevel::kError);
  auto env = MakePosixEnv();
  SystemRandom random;
  auto spool = Spool::Open(*env, directory, {}, random);
  if (!spool) {
    fmt::print(stderr, "{}\n", spool.error().detail);
    return 1;
  }
  std::thread reader([&] {  // as the digest: close behind, and letting go
    std::uint64_t position = (*spool)->Stats().next_seq;
    for (;;) {
      auto batch = (*spool)->Read(position, 1000, 4 << 20, std::chrono::milliseconds(60'000));
      if (!batch || batch->empty()) return;
      position = batch->back().seq + 1;
      (*spool)->Release(position);
    }
  });
  const std::vector<double> waits = Producers(**spool, load).Run();
  const SpoolStats stats = (*spool)->Stats();
  (*spool)->Close();
  reader.join();
  if (waits.empty()) return 1;
  auto percentile = [&](double p) {
    return waits[static_cast<std::size_t>(p * static_cast<double>(waits.size() - 1))] / 1000;
  };
  fmt::print(
      "{} producers, {} B: {:.0f} records/s, p50 {:.2f} ms, p99 {:.2f} ms, p99.9 {:.2f} ms, "
      "{:.1f} records/sync\n",
      load.producers, load.payload_bytes, static_cast<double>(waits.size()) / load.seconds,
      percentile(.5), percentile(.99), percentile(.999),
      static_cast<double>(waits.size()) / static_cast<double>(stats.syncs));
  return 0;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: {} DIRECTORY [PRODUCERS] [SECONDS] [PAYLOAD_BYTES]\n", argv[0]);
    return 2;
  }
  mishap::Load load;
  if (argc > 2) load.producers = std::strtoul(argv[2], nullptr, 10);
  if (argc > 3) load.seconds = std::atoi(argv[3]);
  if (argc > 4) load.payload_bytes = std::strtoul(argv[4], nullptr, 10);
  return mishap::Run(argv[1], load);
}
