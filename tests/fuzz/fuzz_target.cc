#include "tests/fuzz/fuzz_target.h"

#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"

namespace mishap {
namespace {

std::string_view running;  // the input at hand

}  // namespace

const std::vector<FuzzTarget>& FuzzTargets() {
  static const std::vector<FuzzTarget> kTargets = {
      {"auth", FuzzAuth},
      {"envelope", FuzzEnvelope},
      {"event", FuzzEvent},
      {"fingerprint_rules", FuzzFingerprintRules},
      {"inflate", FuzzInflate},
      {"minidump", FuzzMinidump},
      {"multipart", FuzzMultipart},
      {"parameterise", FuzzParameterise},
      {"proto", FuzzProto},
      {"record", FuzzRecord},
      {"reports", FuzzReports},
      {"scrub", FuzzScrub},
      {"search", FuzzSearch},
      {"spool", FuzzSpool},
      {"stack_rules", FuzzStackRules},
      {"store_body", FuzzStoreBody},
  };
  return kTargets;
}

const FuzzTarget* FindFuzzTarget(std::string_view name) {
  for (const FuzzTarget& target : FuzzTargets()) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

void RunFuzzTarget(const FuzzTarget& target, std::string_view input) {
  running = input;
  target.run(input);
}

void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\ninput: %s\n", static_cast<int>(what.size()),
               what.data(), EncodeBase64(running).c_str());
  std::abort();
}

std::pair<std::string_view, std::string_view> FirstLine(std::string_view input) {
  std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return {"", input};
  return {input.substr(0, end), input.substr(end + 1)};
}

}  // namespace mishap
