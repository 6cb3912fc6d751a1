// The oracle: one assertion set for every fault test (docs/durability.md). It compares the loader's
// ledgers with the database and prints one JSON object; exit 0 only if nothing is wrong.
//   A1 acknowledged events are stored, with the payload that was sent    A2 nothing is stored that
//   was not sent A3 nothing is stored twice    A4 every counter equals the stored rows    A5
//   outcomes equal the stored rows A6 one "new issue" effect per issue, and one issue per stack
//   trace
// usage: oracle --database CONNINFO --project N --ledger FILE [--ledger FILE] [--seed S] [--issues
// N] [--users N]
//               [--dead-letters N]     (--seed/--issues/--users before the ledger they belong to)
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json_writer.h"
#include "bench/load/event_maker.h"
#include "bench/load/ledger.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "tests/fault/oracle_database.h"

namespace {

using namespace mishap;  // NOLINT: a program of its own
using load::ExpectedEvent;
using load::Seen;

struct Sent {
  Seen seen = Seen::kUnknown;
  ExpectedEvent expected;
};

struct Verdict {
  std::int64_t acknowledged = 0, unknown = 0, refused = 0, stored = 0, duplicates = 0, lost = 0;
  std::int64_t dead_letters = 0;
  std::vector<std::string> problems;

  void Check(bool ok, std::string problem) {
    if (!ok) problems.push_back(std::move(problem));
  }
};

bool PayloadMatches(const ExpectedEvent& expected, const std::string& frame, PayloadCodec& codec,
                    EventReader& reader) {
  auto json = codec.Decompress(frame, 16 << 20);
  if (!json) return false;
  auto event = reader.Read(*json);
  return event && event->id == expected.event_id && event->exceptions.size() == 1 &&
         event->exceptions[0].type == expected.exception_type &&
         event->exceptions[0].value == expected.exception_value &&
         event->exceptions[0].stacktrace && event->exceptions[0].stacktrace->frames.size() == 8 &&
         event->user && event->user->id == expected.user_id && event->breadcrumbs.size() == 5 &&
         event->breadcrumbs[4].message == expected.breadcrumb_message;
}

void CompareEvents(const std::unordered_map<std::string, Sent>& sent,
                   const std::vector<oracle::StoredEvent>& stored, Verdict& verdict) {
  PayloadCodec codec;
  EventReader reader;
  std::unordered_map<std::string, const oracle::StoredEvent*> by_id;
  std::map<std::uint32_t, std::int64_t> issue_of;
  std::int64_t invented = 0, wrong = 0, scattered = 0;
  std::string first_wrong;
  for (const auto& event : stored) {
    by_id.emplace(event.event_id, &event);
    auto it = sent.find(event.event_id);
    if (it == sent.end() || it->second.seen == Seen::kRefused) {
      ++invented;
      continue;
    }
    if (!PayloadMatches(it->second.expected, event.payload, codec, reader)) {
      if (wrong++ == 0) first_wrong = event.event_id;
    }
    auto [known, first] = issue_of.emplace(it->second.expected.issue, event.issue);
    if (!first && known->second != event.issue) ++scattered;
  }
  for (const auto& [id, event] : sent) {
    if (event.seen == Seen::kAcknowledged && !by_id.contains(id)) ++verdict.lost;
  }
  verdict.Check(verdict.lost <= 0,
                fmt::format("A1: {} acknowledged events are lost", verdict.lost));
  verdict.Check(wrong == 0,
                fmt::format("A1: {} stored events differ from what was sent, the first is {}",
                            wrong, first_wrong));
  verdict.Check(invented == 0, fmt::format("A2: {} stored events were never sent", invented));
  verdict.Check(scattered == 0, fmt::format("A6: {} events lie outside their issue", scattered));
}

void CompareCounts(const oracle::StoredCounts& counts, std::int64_t stored, Verdict& verdict) {
  verdict.duplicates = counts.events_twice;
  verdict.Check(counts.events_twice == 0,
                fmt::format("A3: {} ids stored twice", counts.events_twice));
  verdict.Check(counts.payloads_without_event == 0, "A3: payloads without an event");
  verdict.Check(counts.times_seen_by_hash_row == counts.events_by_hash_row,
                "A4: hash_row.times_seen differs from the stored events");
  verdict.Check(counts.hours_by_hash_row == counts.events_by_hash_row,
                "A4: hash_hour differs from the stored events");
  verdict.Check(counts.releases_by_hash_row == counts.events_by_hash_row,
                "A4: hash_release differs from the stored events");
  verdict.Check(counts.tags_by_hash_row == counts.tags_of_events_by_hash_row,
                "A4: hash_tag differs from the stored events");
  verdict.Check(counts.users_by_issue == counts.users_of_events_by_issue,
                "A4: issue.users_seen differs from the stored events");
  verdict.Check(counts.times_seen_by_issue == counts.events_by_issue,
                "A4: issue.times_seen differs from the stored events");
  verdict.Check(
      counts.outcomes_accepted == stored,
      fmt::format("A5: {} outcomes accepted, {} events stored", counts.outcomes_accepted, stored));
  std::map<std::int64_t, std::int64_t> one_each;
  for (const auto& [issue, count] : counts.times_seen_by_issue) one_each[issue] = 1;
  verdict.Check(counts.new_issue_effects == one_each, "A6: not exactly one new-issue effect each");
}

int Print(const Verdict& verdict) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("acknowledged", verdict.acknowledged).Field("unknown", verdict.unknown);
  json.Field("refused", verdict.refused).Field("stored", verdict.stored);
  json.Field("duplicates", verdict.duplicates)
      .Field("lost", std::max<std::int64_t>(verdict.lost, 0));
  json.Field("dead_letters", verdict.dead_letters).Key("problems").BeginArray();
  for (const std::string& problem : verdict.problems) json.String(problem);
  json.EndArray().EndObject();
  fmt::print("{}\n", out);
  return verdict.problems.empty() ? 0 : 1;
}

int Usage(std::string_view what) {
  fmt::print(stderr, "oracle: {}\n", what);
  return 2;
}

struct Arguments {
  std::string conninfo;
  std::int64_t project = 1;
  std::int64_t dead_letters = 0;
  load::EventShape shape;
  std::unordered_map<std::string, Sent> sent;

  // Flags are taken in order: a ledger belongs to the shape given before it.
  Status Take(std::string_view flag, const std::string& value, Verdict& verdict) {
    std::int64_t number = std::strtoll(value.c_str(), nullptr, 10);
    if (flag == "--database") {
      conninfo = value;
    } else if (flag == "--project") {
      project = number;
    } else if (flag == "--seed") {
      shape.seed = static_cast<std::uint64_t>(number);
    } else if (flag == "--issues") {
      shape.issues = static_cast<std::uint32_t>(number);
    } else if (flag == "--users") {
      shape.users = static_cast<std::uint32_t>(number);
    } else if (flag == "--dead-letters") {
      dead_letters = number;
    } else if (flag == "--ledger") {
      return TakeLedger(value, verdict);
    } else {
      return Fail(Reason::kInvalidArgument, fmt::format("unknown flag {}", flag));
    }
    return {};
  }

 private:
  Status TakeLedger(const std::string& path, Verdict& verdict) {
    auto lines = load::ReadLedger(path);
    if (!lines) return Fail(lines.error());
    for (const auto& line : *lines) {
      ExpectedEvent expected = load::MakeExpected(shape, line.index);
      std::string id = ToHex(expected.event_id);
      if (line.seen == Seen::kAcknowledged) ++verdict.acknowledged;
      if (line.seen == Seen::kUnknown) ++verdict.unknown;
      if (line.seen == Seen::kRefused) ++verdict.refused;
      sent[id] = {line.seen, std::move(expected)};
    }
    return {};
  }
};

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  Verdict verdict;
  for (int i = 1; i + 1 < argc; i += 2) {
    auto status = arguments.Take(argv[i], argv[i + 1], verdict);
    if (!status) return Usage(status.error().detail);
  }
  auto stored = oracle::ReadStoredEvents(arguments.conninfo, arguments.project);
  if (!stored) return Usage(stored.error().detail);
  auto counts = oracle::ReadStoredCounts(arguments.conninfo, arguments.project);
  if (!counts) return Usage(counts.error().detail);
  verdict.stored = static_cast<std::int64_t>(stored->size());
  verdict.dead_letters = counts->dead_letters;
  verdict.Check(
      counts->dead_letters == arguments.dead_letters,
      fmt::format("{} dead letters, {} expected", counts->dead_letters, arguments.dead_letters));
  CompareEvents(arguments.sent, *stored, verdict);
  CompareCounts(*counts, verdict.stored, verdict);
  return Print(verdict);
}
