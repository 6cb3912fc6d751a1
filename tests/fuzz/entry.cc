// libFuzzer's entry: one program for all targets; MISHAP_FUZZ_TARGET names the one to run.
// ./dev fuzz starts it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzz_target.h"

namespace {

const mishap::FuzzTarget* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("MISHAP_FUZZ_TARGET");
  chosen = mishap::FindFuzzTarget(name == nullptr ? "" : name);
  if (chosen != nullptr) return 0;
  std::fputs("MISHAP_FUZZ_TARGET must be one of:", stderr);
  for (const mishap::FuzzTarget& target : mishap::FuzzTargets()) {
    std::fprintf(stderr, " %s", target.name.data());
  }
  std::fputs("\n", stderr);
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // A null pointer is no view.
  mishap::RunFuzzTarget(*chosen,
                        size == 0 ? std::string_view("")
                                  : std::string_view(reinterpret_cast<const char*>(bytes), size));
  return 0;
}
