// golden_corpus FOLDER: every event of a folder of captures (*.http.json) goes through the door's
// stage; reading and writing it, and normalising it again, must change nothing. Prints what does
// not hold and the totals; exit status 1 if anything.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "event/event_json.h"
#include "ingest/normalise.h"
#include "tests/golden/captured_request.h"

namespace mishap {
namespace {

namespace fs = std::filesystem;

constexpr Timestamp kReceived{1'795'364'400LL * kMicrosPerSecond};

struct Totals {
  int events = 0;
  int refused = 0;
  int unstable = 0;
};

// What does not hold for a canonical event, or empty.
std::string Complaint(const std::string& canonical, EventContext context) {
  auto event = EventReader().Read(canonical);
  if (!event) return "canonical JSON cannot be read: " + event.error().detail;
  if (WriteEventJson(*event) != canonical) return "reading and writing loses something";
  context.sent_at.reset();
  Normalize(*event, context);
  if (WriteEventJson(*event) != canonical) return "normalising twice changes something";
  return {};
}

void CheckCapture(const fs::path& path, EventStage& stage, Totals& totals) {
  std::ifstream in(path, std::ios::binary);
  const std::string request{std::istreambuf_iterator<char>(in), {}};
  auto captured = EventsOf(request);
  if (!captured) return;  // what a door refuses is the replay's question
  static const ProjectEntry kProject;
  for (CapturedEvent& one : *captured) {
    one.context.project = &kProject;
    one.context.received_at = kReceived;
    one.context.client_ip = "203.0.113.7";
    auto ready = stage.Run(one.json, one.context);
    if (!ready) {
      ++totals.refused;
      continue;
    }
    ++totals.events;
    const std::string complaint = Complaint(ready->canonical_json, one.context);
    if (complaint.empty()) continue;
    ++totals.unstable;
    std::cout << path.string() << ": " << complaint << "\n";
  }
}

int Run(const fs::path& folder) {
  SystemRandom random;
  auto stage = MakeEventStage(random);
  Totals totals;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(".http.json")) {
      CheckCapture(entry.path(), *stage, totals);
    }
  }
  std::cout << totals.events << " events normalised twice: " << totals.unstable << " unstable, "
            << totals.refused << " refused\n";
  return totals.events > 0 && totals.unstable == 0 ? 0 : 1;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: golden_corpus FOLDER\n";
    return 2;
  }
  return mishap::Run(argv[1]);
}
