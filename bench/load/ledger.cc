#include "bench/load/ledger.h"

#include <sstream>

namespace mishap::load {

Ledger::Ledger(const std::string& path) {
  if (!path.empty()) out_.open(path, std::ios::app);
}

void Ledger::Write(const LedgerLine& line) {
  if (!out_.is_open()) return;
  out_ << static_cast<char>(line.seen) << ' ' << line.index << ' ' << line.status << '\n';
  // Flushed line by line: the loader itself may be ended by a test.
  out_.flush();
}

Result<std::vector<LedgerLine>> ReadLedger(const std::string& path) {
  std::ifstream in(path);
  if (!in) return Fail(Reason::kNotFound, "cannot read the ledger " + path);
  std::vector<LedgerLine> lines;
  std::string text;
  while (std::getline(in, text)) {
    std::istringstream fields(text);
    char seen = 0;
    LedgerLine line;
    if (!(fields >> seen >> line.index >> line.status)) continue;  // a torn last line
    line.seen = static_cast<Seen>(seen);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace mishap::load
