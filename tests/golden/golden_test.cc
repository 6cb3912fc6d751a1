// Golden cases: bytes of real SDKs in, canonical event, what people see of it, and grouping out.
// Each folder of cases/ is one test; UPDATE_GOLDEN=1 rewrites the expected files, and a person
// reads the diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "event/derived_tags.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "event/raw_json.h"
#include "event/title.h"
#include "grouping/grouping.h"
#include "ingest/normalise.h"
#include "tests/golden/captured_request.h"

namespace mishap {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = "tests/golden/cases";
// Shortly after the captures were made: 2026-11-22T16:20:00Z.
constexpr Timestamp kReceived{1'795'364'400LL * kMicrosPerSecond};
constexpr std::size_t kPayloadMax = 4 << 20;

// Counts instead of rolling dice.
class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* p = static_cast<std::uint8_t*>(out);
    for (std::size_t i = 0; i < bytes; ++i) p[i] = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// One value a line, so that a diff shows what changed; containers that fit stay on theirs.
void Pretty(std::string_view json, std::size_t indent, std::string& out) {
  constexpr std::size_t kLine = 100;
  const bool container = json[0] == '{' || json[0] == '[';
  if (!container || json.size() + indent <= kLine) {
    out += json;
    return;
  }
  const bool object = json[0] == '{';
  out.push_back(json[0]);
  bool first = true;
  for (const auto& [key, value] : JsonChildren(json)) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(indent + 1, ' ');
    if (object) out += QuotedJson(key) + ": ";
    Pretty(value, indent + 1, out);
  }
  out += "\n" + std::string(indent, ' ') + (object ? "}" : "]");
}

std::string Pretty(std::string_view json) {
  std::string out;
  Pretty(json, 0, out);
  return out + "\n";
}

void WriteTags(JsonWriter& json, const Event& event) {
  json.Key("tags").BeginObject();
  for (const auto& [key, value] : AllTags(event)) json.Field(key, value);
  json.EndObject();
}

// What the issue list and the event page make of it.
std::string Summary(const Event& event, const Grouped& grouped) {
  EventTitle title = MakeTitle(event, grouped.main_exception);
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("title", title.title).Field("culprit", title.culprit);
  json.Field("metadata_type", title.metadata_type).Field("metadata_value", title.metadata_value);
  json.Field("metadata_filename", title.metadata_filename);
  json.Field("metadata_function", title.metadata_function);
  json.Field("metadata_title", title.metadata_title).Field("unhandled", IsUnhandled(event));
  WriteTags(json, event);
  json.EndObject();
  return out;
}

std::string Keys(const Grouped& grouped) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("decided_by", grouped.decided_by);
  json.Field("main_exception", static_cast<std::int64_t>(grouped.main_exception));
  auto key = [&](std::string_view name, const std::optional<Hash128>& hash) {
    if (hash) json.Field(name, ToHex(*hash));
  };
  key("path", grouped.keys.path);
  key("site", grouped.keys.site);
  key("message", grouped.keys.message);
  key("alias", grouped.keys.alias);
  key("custom", grouped.keys.custom);
  json.Field("weak", grouped.keys.weak);
  json.EndObject();
  return out;
}

class GoldenTest : public testing::TestWithParam<std::string> {
 protected:
  void Compare(const std::string& name, const std::string& got) const {
    const fs::path path = kCases / GetParam() / name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      std::ofstream(path, std::ios::binary) << got;
      return;
    }
    ASSERT_TRUE(fs::exists(path)) << path << " is missing; run with UPDATE_GOLDEN=1 and read it";
    EXPECT_EQ(ReadFile(path), got)
        << path << " differs; if that is wanted, run with UPDATE_GOLDEN=1";
  }
};

// What must hold for every event, whatever its golden file says.
void CheckProperties(const std::string& canonical, const EventContext& context) {
  EventReader reader;
  auto event = reader.Read(canonical);
  ASSERT_TRUE(event);
  EXPECT_EQ(WriteEventJson(*event), canonical) << "reading and writing loses something";
  EventContext later = context;
  later.sent_at.reset();
  Event again = *event;
  Normalize(again, later);
  EXPECT_EQ(WriteEventJson(again), canonical) << "normalising twice changes something";
  PayloadCodec codec;
  EXPECT_EQ(codec.Decompress(codec.Compress(canonical), kPayloadMax).value_or(""), canonical);
}

TEST_P(GoldenTest, Case) {
  auto events = EventsOf(ReadFile(kCases / GetParam() / "request.http.json"));
  ASSERT_TRUE(events) << events.error().detail;
  ASSERT_EQ(events->size(), 1u);
  ProjectEntry project;
  CapturedEvent& captured = events->front();
  captured.context.project = &project;
  captured.context.received_at = kReceived;
  captured.context.client_ip = "203.0.113.7";
  CountingRandom random;
  auto ready = MakeEventStage(random)->Run(captured.json, captured.context);
  ASSERT_TRUE(ready) << ready.error().detail;
  CheckProperties(ready->canonical_json, captured.context);

  Event event = *EventReader().Read(ready->canonical_json);
  const GroupingAlgorithm& algorithm = *FindGrouping("g1");
  Grouped grouped = algorithm.Group(event);
  Compare("event.json", Pretty(ready->canonical_json));
  Compare("summary.json", Pretty(Summary(event, grouped)));
  Compare("keys.json", Pretty(Keys(grouped)));
  Compare("explanation.json", Pretty(algorithm.Explain(event)));
}

// Damaged bytes of real events are refused or give an event that keeps all promises; nothing in
// between.
TEST_P(GoldenTest, DamagedBytes) {
  constexpr int kRounds = 60;
  auto events = EventsOf(ReadFile(kCases / GetParam() / "request.http.json"));
  ASSERT_TRUE(events);
  ProjectEntry project;
  project.scrub_ip_addresses = true;
  EventContext context = events->front().context;
  context.project = &project;
  context.received_at = kReceived;
  CountingRandom random;
  auto stage = MakeEventStage(random);
  std::minstd_rand dice(static_cast<unsigned>(GetParam().size()));
  constexpr std::string_view kPieces[] = {"\"",      "{",    "[",     "null", "\\u0000",
                                          "\\ud800", "\xFF", "1e999", ",",    "}"};
  int read = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string json = events->front().json;
    for (int change = 0; change < 1 + round % 4; ++change) {
      std::string_view piece = kPieces[dice() % std::size(kPieces)];
      json.replace(dice() % json.size(), dice() % 3, piece);
    }
    auto ready = stage->Run(json, context);
    if (!ready) {
      EXPECT_EQ(ready.error().reason, Reason::kInvalidJson);
      continue;
    }
    ++read;
    auto event = EventReader().Read(ready->canonical_json);
    ASSERT_TRUE(event) << event.error().detail;
    ASSERT_EQ(WriteEventJson(*event), ready->canonical_json);
  }
  EXPECT_GT(read, 0);
}

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Sdk, GoldenTest, testing::ValuesIn(CaseNames()),
                         [](const auto& case_info) { return case_info.param; });

}  // namespace
}  // namespace mishap
