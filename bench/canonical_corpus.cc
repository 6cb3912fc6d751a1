// canonical_corpus OUT_DIR REQUEST.http.json...: the canonical JSON of every event in captured
// requests, one file each: what the payload dictionary is trained on and measured with
// (docs/formats/event.md says how). Also checks on the way that normalising is idempotent and that
// reading gives back what was written; exit 1 if not.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/random.h"
#include "event/event_json.h"
#include "ingest/normalise.h"
#include "tests/golden/captured_request.h"

namespace mishap {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A second after the client's clock, so that nothing counts as old.
Timestamp ArrivalOf(const Event& event, const EventContext& context) {
  if (context.sent_at) return *context.sent_at;
  return Timestamp{event.timestamp.micros + kMicrosPerSecond};
}

bool IsStable(const Event& event, const EventContext& context, const std::string& name) {
  Event again = event;
  Normalize(again, context);
  if (again != event) {
    fmt::print("{}: normalising twice differs\n{}\n{}\n", name, WriteEventJson(event),
               WriteEventJson(again));
    return false;
  }
  auto read = EventReader().Read(WriteEventJson(event));
  if (read && *read == event) return true;
  fmt::print("{}: reading back differs\n", name);
  return false;
}

int Run(int argc, char** argv) {
  const std::filesystem::path out = argv[1];
  std::filesystem::create_directories(out);
  SystemRandom random;
  auto stage = MakeEventStage(random);
  ProjectEntry project;
  EventReader reader;
  int bad = 0;
  int written = 0;
  for (int i = 2; i < argc; ++i) {
    const std::filesystem::path file = argv[i];
    auto events = EventsOf(ReadFile(file));
    if (!events) continue;
    int index = 0;
    for (CapturedEvent& captured : *events) {
      std::string name = fmt::format("{}_{}-{}", file.parent_path().filename().string(),
                                     file.stem().stem().string(), index++);
      auto event = reader.Read(captured.json);
      if (!event) {
        fmt::print("{}: {}\n", name, event.error().detail);
        continue;
      }
      captured.context.project = &project;
      captured.context.received_at = ArrivalOf(*event, captured.context);
      Normalize(*event, captured.context);
      bad += !IsStable(*event, captured.context, name);
      auto ready = stage->Run(captured.json, captured.context);
      if (!ready) continue;
      std::ofstream(out / (name + ".json"), std::ios::binary) << ready->canonical_json;
      ++written;
    }
  }
  fmt::print("{} events, {} unstable\n", written, bad);
  return bad == 0 ? 0 : 1;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print("usage: canonical_corpus OUT_DIR REQUEST.http.json...\n");
    return 2;
  }
  return mishap::Run(argc, argv);
}
