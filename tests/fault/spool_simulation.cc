// The spool's crash test (decisions 1.5): spool_simulation [--seeds N] [--first SEED] [--break
// MODE] [--expect-violation] MODE no-fdatasync, no-dirsync, early-ack or late-sync runs a spool
// that is broken on purpose; with --expect-violation the program fails unless the oracle noticed. A
// seed printed here repeats its run exactly.
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/log.h"
#include "tests/fault/spool_world.h"

namespace mishap {
namespace {

struct Arguments {
  std::uint64_t seeds = 1000;
  std::uint64_t first = 1;
  Lie lie = Lie::kNone;
  bool expect_violation = false;
};

std::optional<Lie> LieNamed(std::string_view name) {
  if (name == "no-fdatasync") return Lie::kNoFdatasync;
  if (name == "no-dirsync") return Lie::kNoDirectorySync;
  if (name == "early-ack") return Lie::kEarlyAck;
  if (name == "late-sync") return Lie::kLateSync;
  return {};
}

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    std::string_view flag = argv[i];
    if (flag == "--expect-violation") {
      arguments.expect_violation = true;
      continue;
    }
    if (++i == argc) return {};
    if (flag == "--seeds") {
      arguments.seeds = std::strtoull(argv[i], nullptr, 10);
    } else if (flag == "--first") {
      arguments.first = std::strtoull(argv[i], nullptr, 10);
    } else if (auto lie = LieNamed(argv[i]); flag == "--break" && lie) {
      arguments.lie = *lie;
    } else {
      return {};
    }
  }
  return arguments;
}

int Simulate(const Arguments& arguments) {
  WorldCounts sum;
  std::uint64_t violations = 0;
  for (std::uint64_t i = 0; i < arguments.seeds; ++i) {
    SpoolWorld world(arguments.first + i, arguments.lie);
    if (auto violation = world.Run()) {
      if (++violations <= 10) fmt::print("VIOLATION {}\n", *violation);
    }
    sum.Add(world.Counts());
  }
  fmt::print(
      "{} seeds: {} appends, {} acked, {} failed, {} records delivered, {} restarts, {} faults, "
      "{} violations\n",
      arguments.seeds, sum.appends, sum.acked, sum.failed, sum.delivered_records, sum.crashes,
      sum.faults, violations);
  if (arguments.expect_violation) return violations > 0 ? 0 : 1;
  // A run in which nothing was at stake proves nothing.
  bool meaningful = sum.acked > arguments.seeds && sum.delivered_records > arguments.seeds;
  return violations == 0 && meaningful ? 0 : 1;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  auto arguments = mishap::Parse(argc, argv);
  if (!arguments) {
    fmt::print(stderr,
               "usage: {} [--seeds N] [--first SEED] [--expect-violation]\n"
               "       [--break no-fdatasync|no-dirsync|early-ack|late-sync]\n",
               argv[0]);
    return 2;
  }
  mishap::SetLogLevel(static_cast<mishap::LogLevel>(100));  // thousands of planned failures
  return mishap::Simulate(*arguments);
}
