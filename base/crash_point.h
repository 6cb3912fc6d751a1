// Crash points: named places where a fault test kills the process, in the binary that ships.
// MISHAP_CRASH_AT=point[:n] kills it (SIGKILL) at the n-th passage, MISHAP_TEST_POISON_MESSAGE=text
// aborts it when an event says exactly that. Both are read once; without them a crash point is one
// comparison of a constant. Not for tests of units: nothing here can be survived.
#pragma once

#include <string_view>

namespace mishap {

// Points in use: digest-after-read, digest-before-commit, digest-after-commit,
// digest-before-release, regroup-before-commit, backfill-before-commit.
void CrashPoint(std::string_view point);

// Stands for a bug in decoding or grouping that takes the process with it (decisions 1.6).
void AbortOnPoison(std::string_view message);

}  // namespace mishap
