// mishap grouping explain: what the server would do with an event, without a server: decode,
// normalise, scrub, group.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "event/event_json.h"
#include "fmt/format.h"
#include "grouping/grouping.h"
#include "ingest/event_stage.h"
#include "server/commands.h"

namespace mishap {
namespace {

Result<std::string> ReadInput(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Reason::kNotFound, fmt::format("{}: cannot be read", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<Event> DecodeAndNormalise(CommandContext& context, const std::string& json) {
  const ProjectEntry project;  // defaults: the default scrubbing rules are on
  EventContext around;
  around.project = &project;
  around.received_at = context.clock.Now();
  auto ready = MakeEventStage(context.random)->Run(json, around);
  if (!ready) return Fail(ready.error());
  return EventReader().Read(ready->canonical_json);
}

void PrintKey(const char* name, const std::optional<Hash128>& key, const char* meaning) {
  if (key) fmt::print("  {:<8} {}  {}\n", name, ToHex(*key), meaning);
}

}  // namespace

int RunGroupingExplain(CommandContext& context, const GroupingCommand& options) {
  auto json = ReadInput(options.event_file);
  if (!json) return PrintError(json.error());
  auto event = DecodeAndNormalise(context, *json);
  if (!event) return PrintError(event.error());
  const GroupingAlgorithm& algorithm = CurrentGrouping();
  const std::string tree = algorithm.Explain(*event);
  if (context.json) {
    fmt::print("{}\n", tree);
    return 0;
  }
  const Grouped grouped = algorithm.Group(*event);
  fmt::print("algorithm  {}\ndecided by {}{}\n", algorithm.Id(), grouped.decided_by,
             grouped.keys.weak ? " (weak: no usable stack)" : "");
  PrintKey("custom", grouped.keys.custom, "the client's fingerprint: decides the issue");
  PrintKey("site", grouped.keys.site, "where it happened: decides the issue");
  PrintKey("path", grouped.keys.path, "the whole way there");
  PrintKey("message", grouped.keys.message, "where, and what it said");
  PrintKey("alias", grouped.keys.alias, "the way, and what it said");
  fmt::print("\n{}\n", tree);
  return 0;
}

}  // namespace mishap
