// Pairs of events that are one issue or two (pairs/*.jsonl: a line is {"expect","why","a","b"} with
// events as SDKs send them, and optionally "stack_trace_rules" and "fingerprint_rules"): through
// the door, then as a project that has seen only the first decides.
#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "event/event_json.h"
#include "grouping/grouping.h"
#include "ingest/event_stage.h"

namespace mishap {
namespace {

class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* p = static_cast<std::uint8_t*>(out);
    for (std::size_t i = 0; i < bytes; ++i) p[i] = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

Event Through(const boost::json::value& json) {
  CountingRandom random;
  const ProjectEntry project;
  EventContext around;
  around.project = &project;
  around.received_at = Timestamp{1'795'364'400LL * kMicrosPerSecond};
  auto ready = MakeEventStage(random)->Run(boost::json::serialize(json), around);
  if (!ready) {
    ADD_FAILURE() << ready.error().detail;
    return {};
  }
  return *EventReader().Read(ready->canonical_json);
}

std::string Optional(const boost::json::object& pair, const char* name) {
  const auto* text = pair.if_contains(name);
  return text == nullptr ? "" : std::string(text->as_string());
}

struct Counted {
  int same = 0;
  int different = 0;
};

void JudgeFile(const std::filesystem::path& path, Counted& counted) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const boost::json::object pair = boost::json::parse(line).as_object();
    const bool expected = pair.at("expect").as_string() == "same";
    auto rules = CurrentGrouping().CompileRules(
        {Optional(pair, "stack_trace_rules"), Optional(pair, "fingerprint_rules")});
    ASSERT_TRUE(rules) << pair.at("why");
    const Event a = Through(pair.at("a"));
    const Event b = Through(pair.at("b"));
    const PairVerdict verdict = ComparePair(CurrentGrouping(), a, b, **rules);
    EXPECT_EQ(verdict.same, expected) << path << ": " << pair.at("why") << ": " << verdict.reason;
    EXPECT_FALSE(verdict.reason.empty()) << pair.at("why");
    // The verdict does not depend on which of the two came first.
    EXPECT_EQ(ComparePair(CurrentGrouping(), b, a, **rules).same, verdict.same) << pair.at("why");
    ++(expected ? counted.same : counted.different);
  }
}

TEST(Pairs, AreOneIssueOrTwo) {
  Counted counted;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden/pairs")) {
    JudgeFile(entry.path(), counted);
  }
  EXPECT_GE(counted.same, 360);
  EXPECT_GE(counted.different, 145);
}

}  // namespace
}  // namespace mishap
