// A fuzz target: one parser of foreign bytes and what must hold for whatever it is fed. The same
// table is driven by libFuzzer (entry.cc, preset fuzz) and by the smoke test, which runs the corpus
// and damaged copies of it in every build. Targets with a parameter take it from the input's first
// line.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace mishap {

struct FuzzTarget {
  std::string_view name;  // of its folder in tests/fuzz/corpus
  void (*run)(std::string_view input);
};

// Every target, by name.
const std::vector<FuzzTarget>& FuzzTargets();
// nullptr: there is none of this name.
const FuzzTarget* FindFuzzTarget(std::string_view name);

// One run; what Require says then names the input.
void RunFuzzTarget(const FuzzTarget& target, std::string_view input);

// Ends the process, saying what does not hold and for which input (base64): a finding.
void Require(bool holds, std::string_view what);

// The first line and the rest; all is rest when there is no line feed.
std::pair<std::string_view, std::string_view> FirstLine(std::string_view input);

// bodies of requests
void FuzzInflate(std::string_view input);
void FuzzStoreBody(std::string_view input);
void FuzzEnvelope(std::string_view input);
void FuzzMultipart(std::string_view input);
void FuzzReports(std::string_view input);
void FuzzMinidump(std::string_view input);
// who sends
void FuzzAuth(std::string_view input);
// events
void FuzzEvent(std::string_view input);
void FuzzScrub(std::string_view input);
void FuzzProto(std::string_view input);
// what people type
void FuzzSearch(std::string_view input);
// grouping
void FuzzParameterise(std::string_view input);
void FuzzStackRules(std::string_view input);
void FuzzFingerprintRules(std::string_view input);
// the log
void FuzzSpool(std::string_view input);
void FuzzRecord(std::string_view input);

}  // namespace mishap
