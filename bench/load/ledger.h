// Ledger: what the loader saw, kept outside the server's blast radius: one line an event, "A
// <index>" acknowledged, "R <index> <status>" refused, "U <index>" unknown (some attempt got no
// answer, none was acknowledged). The oracle reads it back.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "base/result.h"

namespace mishap::load {

enum class Seen : char { kAcknowledged = 'A', kRefused = 'R', kUnknown = 'U' };

struct LedgerLine {
  Seen seen = Seen::kUnknown;
  std::uint64_t index = 0;
  int status = 0;
};

class Ledger {
 public:
  // Appends to `path`; an empty path keeps nothing.
  explicit Ledger(const std::string& path);
  void Write(const LedgerLine& line);

 private:
  std::ofstream out_;
};

Result<std::vector<LedgerLine>> ReadLedger(const std::string& path);

}  // namespace mishap::load
