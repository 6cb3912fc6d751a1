// One simulated run of the spool from one seed: producers append, a consumer reads and commits like
// the digest does, the machine goes down at a random call, everything comes back; a ledger outside
// of it all knows what must hold.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "spool/local_spool.h"
#include "tests/fault/lying_spool.h"
#include "tests/fault/simulated_env.h"

namespace mishap {

struct WorldCounts {
  std::uint64_t appends = 0;
  std::uint64_t acked = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;  // the machine went down before the answer
  std::uint64_t delivered_records = 0;
  std::uint64_t crashes = 0;
  std::uint64_t faults = 0;

  void Add(const WorldCounts& other);
};

class SpoolWorld {
 public:
  SpoolWorld(std::uint64_t seed, Lie lie);
  ~SpoolWorld();

  // Runs to the end. nullopt: all held; else what was violated.
  std::optional<std::string> Run();
  const WorldCounts& Counts() const { return counts_; }

 private:
  enum class Answer { kNone, kAcked, kFailed };
  struct Envelope {
    std::vector<NewRecord> records;
    Answer answer = Answer::kNone;
    bool refused = false;  // Append said no at once: may never be seen
    std::size_t delivered = 0;
  };
  class SteppedClock final : public Clock {
   public:
    Timestamp Now() const override { return {micros}; }
    std::chrono::steady_clock::time_point Steady() const override {
      return std::chrono::steady_clock::time_point(std::chrono::microseconds(micros));
    }
    std::int64_t micros = 1;
  };
  class SeededRandom final : public Random {
   public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void Fill(void* out, std::size_t bytes) override;

   private:
    std::mt19937_64 engine_;
  };

  std::uint64_t Pick(std::uint64_t n) { return random_() % n; }
  void Violate(const std::string& what);
  void Live(std::uint64_t steps);
  void Step();
  bool Open();
  void Shut();
  void PlanFaults();
  void AppendOne();
  std::vector<NewRecord> MakeRecords(std::size_t envelope);
  void Consume(std::size_t records_max);
  void Deliver(const SpoolRecord& record);
  void Settle();

  const std::uint64_t seed_;
  const Lie lie_;
  std::mt19937_64 random_;
  SimulatedEnv disk_;
  LyingEnv env_;
  SeededRandom spool_random_;
  SteppedClock clock_;
  SpoolOptions options_;
  std::unique_ptr<LocalSpool> spool_;
  // What lives outside of the machine that goes down.
  std::vector<Envelope> ledger_;
  std::uint64_t position_ = 0;  // the database's: next sequence to store
  std::uint64_t last_key_ = 0;  // of the last record delivered, in the order of the appends
  bool write_failed_ = false;   // a fault was injected: what was handed out may vanish again
  std::optional<std::string> violation_;
  WorldCounts counts_;
};

}  // namespace mishap
