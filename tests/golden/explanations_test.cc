// Explanations of events of all platforms: explanations/*.jsonl holds, a line an event, what should
// count and why, written before grouping saw it; explanations/trees/ what the explanation says.
// UPDATE_GOLDEN=1 rewrites the trees, never the expectations, and a person reads the diff.
#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "event/event_json.h"
#include "grouping/explanation_text.h"
#include "grouping/grouping.h"
#include "ingest/event_stage.h"

namespace mishap {
namespace {

namespace fs = std::filesystem;
using boost::json::object;
using boost::json::value;

const fs::path kFolder = "tests/golden/explanations";

class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* p = static_cast<std::uint8_t*>(out);
    for (std::size_t i = 0; i < bytes; ++i) p[i] = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

std::string Explained(const value& json) {
  CountingRandom random;
  const ProjectEntry project;
  EventContext around;
  around.project = &project;
  around.received_at = Timestamp{1'795'364'400LL * kMicrosPerSecond};
  auto ready = MakeEventStage(random)->Run(boost::json::serialize(json), around);
  if (!ready) {
    ADD_FAILURE() << ready.error().detail;
    return "{}";
  }
  return CurrentGrouping().Explain(*EventReader().Read(ready->canonical_json));
}

// What a tree says in the words of the expectations.
struct Counted {
  object frames;  // "2": [0, 1], by index of the exception; "event" for other stacks
  bool text = false;
  bool statement = false;
  std::string mode;  // of the first stack

  void Walk(const object& node, const std::string& owner) {
    const std::string id(node.at("id").as_string());
    const bool counts = node.at("contributes").as_bool();
    // Exactly one reason where a part does not count, none where it does.
    EXPECT_EQ(node.contains("why"), !counts) << boost::json::serialize(node);
    std::string name = owner;
    if (id == "exception" && counts) {
      name = std::to_string(node.at("index").as_int64());
      if (!frames.contains(name)) frames[name] = boost::json::array{};
    }
    if (id == "frame" && counts) {
      if (!frames.contains(name)) frames[name] = boost::json::array{};
      frames[name].as_array().push_back(node.at("index"));
    }
    if (mode.empty() && node.contains("mode")) mode = std::string(node.at("mode").as_string());
    text = text || (counts && (id == "value" || id == "message"));
    statement = statement || (counts && id == "statement");
    if (!node.contains("children")) return;
    for (const value& child : node.at("children").as_array()) Walk(child.as_object(), name);
  }
};

void CheckShould(const object& should, const object& explanation, const std::string& name) {
  Counted counted;
  counted.Walk(explanation.at("tree").as_object(), "event");
  EXPECT_EQ(explanation.at("decided_by").as_string(), should.at("decided_by").as_string()) << name;
  EXPECT_EQ(counted.frames, should.at("frames").as_object()) << name;
  EXPECT_EQ(counted.text, should.at("text").as_bool()) << name;
  EXPECT_EQ(counted.statement, should.at("statement").as_bool()) << name;
  if (should.contains("mode")) {
    EXPECT_EQ(counted.mode, std::string(should.at("mode").as_string())) << name;
  }
}

TEST(Explanations, SayWhatShouldCount) {
  int events = 0;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file(entry.path());
    std::string trees;
    std::set<std::string> names;
    for (std::string line; std::getline(file, line); ++events) {
      const object one = boost::json::parse(line).as_object();
      const std::string name(one.at("name").as_string());
      EXPECT_TRUE(names.insert(name).second) << name << " twice";
      EXPECT_FALSE(one.at("because").as_string().empty()) << name;
      const std::string explanation = Explained(one.at("event"));
      CheckShould(one.at("should").as_object(), boost::json::parse(explanation).as_object(), name);
      trees += "== " + name + ": " + std::string(one.at("because").as_string()) + "\n" +
               ExplanationText(explanation) + "\n";
    }
    const fs::path golden = kFolder / "trees" / entry.path().stem().concat(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      std::ofstream(golden, std::ios::binary) << trees;
      continue;
    }
    std::ifstream in(golden, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), trees)
        << golden << " differs; if that is wanted, run with UPDATE_GOLDEN=1";
  }
  EXPECT_GE(events, 120);
}

}  // namespace
}  // namespace mishap
