// query_seed CONNINFO PROJECT EVENTS ISSUES DAYS: fills a migrated database through the digest's
// own preparation and writer, as if the events had arrived over the last DAYS days: random ids,
// every counter, tag, user and sample as the product makes them. Issues follow a power law. One
// line of progress a tenth. Not a load: nothing is sent, no spool is written.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "base/json_writer.h"
#include "digest/prepare.h"
#include "event/record.h"
#include "storage/digest_writer.h"

namespace mishap {
namespace {

constexpr std::size_t kBatch = 1000;

struct Seed {
  std::int64_t project = 1;
  std::uint64_t events = 200'000;
  std::uint64_t issues = 2'000;
  std::int64_t days = 14;
};

class SeedEvents {
 public:
  explicit SeedEvents(const Seed& seed) : seed_(seed) {}

  // The first events found the issues, one each; then many belong to few of them.
  std::uint64_t IssueOf(std::uint64_t index) {
    if (index < seed_.issues) return index;
    double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return static_cast<std::uint64_t>(std::pow(u, 3) * static_cast<double>(seed_.issues));
  }

  std::string Json(std::uint64_t issue, const EventId& id, Timestamp at) {
    auto bits = random_();
    std::string out;
    JsonWriter json(out);
    json.BeginObject().Field("event_id", ToHex(id)).Field("timestamp", at);
    json.Field("platform", "python").Field("level", bits % 50 == 0 ? "fatal" : "error");
    json.Field("type", "error");
    json.Field("release", fmt::format("shop@1.{}.0", bits % 40));
    json.Field("environment", bits % 4 == 0 ? "staging" : "production");
    json.Field("server_name", fmt::format("web-{}", Skewed(200)));
    WriteException(json, issue);
    json.Key("tags").BeginObject();
    json.Field("customer", fmt::format("c{}", Skewed(5000)));
    json.Field("plan", fmt::format("plan{}", Skewed(5)));
    json.Field("region", bits % 3 == 0 ? "eu-west" : "us-east");
    json.Field("shard", fmt::format("s{}", issue % 100)).EndObject();
    json.Key("user").BeginObject().Field("id", fmt::format("user-{}", random_() % 50'000));
    json.EndObject().Key("contexts").BeginObject().Key("browser").BeginObject();
    json.Field("name", fmt::format("Browser{}", Skewed(12)));
    json.Field("version", fmt::format("{}.0", Skewed(40))).EndObject().EndObject();
    json.EndObject();
    return out;
  }
  EventId Id() {
    EventId id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random_());
    return id;
  }

 private:
  std::uint64_t Skewed(std::uint64_t count) {
    double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return static_cast<std::uint64_t>(u * u * static_cast<double>(count));
  }

  // Every text says "order" and "failed", one issue in a thousand "reticulated".
  void WriteException(JsonWriter& json, std::uint64_t issue) {
    json.Key("exception").BeginObject().Key("values").BeginArray().BeginObject();
    json.Field("type", fmt::format("Fault{}Error", issue));
    json.Field("value", fmt::format("order {} failed in step {}{}", random_() % 100'000, issue % 7,
                                    issue % 1000 == 7 ? " while splines were reticulated" : ""));
    json.Key("stacktrace").BeginObject().Key("frames").BeginArray();
    for (std::uint64_t depth = 0; depth < 6; ++depth) {
      json.BeginObject().Field("filename",
                               fmt::format("shop/part{}/views{}.py", issue % 50, depth));
      json.Field("function", fmt::format("step_{}_{}", issue, depth));
      json.Field("module", fmt::format("shop.part{}.views{}", issue % 50, depth));
      json.Field("lineno", static_cast<std::int64_t>(10 + issue % 300)).Field("in_app", true);
      json.EndObject();
    }
    json.EndArray().EndObject().EndObject().EndArray().EndObject();
  }

  Seed seed_;
  std::mt19937_64 random_{20260510};
};

int Run(const std::string& conninfo, const Seed& seed) {
  Metrics metrics;
  PayloadCodec codec;
  // Two weeks of new issues come within minutes: not the flood the burst guard is there for.
  DigestWriterOptions options;
  options.issues = {.new_issues_burst = static_cast<std::int64_t>(seed.issues) + 1,
                    .new_issues_per_minute = static_cast<std::int64_t>(seed.issues) + 1};
  auto writer = DigestWriter::Make(conninfo, metrics, options);
  EventPreparer preparer(codec, CurrentGrouping(), *writer);
  SeedEvents events(seed);
  SpoolId spool;
  std::random_device random;
  for (auto& byte : spool.bytes) byte = static_cast<std::uint8_t>(random());
  auto seq = writer->Position(spool, 0);
  if (!seq) {
    fmt::print(stderr, "{}\n", seq.error().detail);
    return 1;
  }
  const auto now = SystemClock().Now().micros;
  const std::int64_t start = now - seed.days * kMicrosPerDay;
  const double step = static_cast<double>(seed.days * kMicrosPerDay - 60 * kMicrosPerSecond) /
                      static_cast<double>(seed.events);
  for (std::uint64_t index = 0; index < seed.events;) {
    DigestBatch batch;
    batch.spool = spool;
    batch.expected_seq = *seq;
    for (std::size_t i = 0; i < kBatch && index < seed.events; ++i, ++index, ++*seq) {
      EventRecord record;
      record.event_id = events.Id();
      record.received_at = {start + static_cast<std::int64_t>(step * static_cast<double>(index))};
      record.key = KeyId{1};
      record.payload =
          codec.Compress(events.Json(events.IssueOf(index), record.event_id, record.received_at));
      SpoolRecord stored;
      stored.seq = *seq;
      stored.project = ProjectId{seed.project};
      stored.type = static_cast<std::uint8_t>(RecordType::kEvent);
      auto bytes = EncodeEventRecord(record);
      stored.payload = std::move(bytes);
      auto prepared = preparer.Prepare(stored);
      if (!prepared) {
        fmt::print(stderr, "{}\n", prepared.error().detail);
        return 1;
      }
      batch.events.push_back(std::move(*prepared));
    }
    batch.next_seq = *seq;
    auto commit = writer->Commit(batch);
    if (!commit) {
      fmt::print(stderr, "{} {}\n", commit.error().sqlstate, commit.error().detail);
      return 1;
    }
    if (index * 10 / seed.events != (index - batch.events.size()) * 10 / seed.events) {
      fmt::print(stderr, "  {} events\n", index);
    }
  }
  return 0;
}

}  // namespace
}  // namespace mishap

int main(int argc, char** argv) {
  if (argc < 6) {
    fmt::print(stderr, "usage: query_seed CONNINFO PROJECT EVENTS ISSUES DAYS\n");
    return 2;
  }
  mishap::Seed seed;
  seed.project = std::atoll(argv[2]);
  seed.events = std::strtoull(argv[3], nullptr, 10);
  seed.issues = std::strtoull(argv[4], nullptr, 10);
  seed.days = std::atoll(argv[5]);
  return mishap::Run(argv[1], seed);
}
