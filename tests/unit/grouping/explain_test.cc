// The explanation (spec 16): agrees with the keys, and gives every part that does not count exactly
// one reason.
#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <string>
#include <vector>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

std::vector<Event> Samples() {
  std::vector<Event> events{ValueErrorEvent(), MakeMessage("python", "User 4711 has no cart"),
                            MakeEvent("python", {}),
                            MakeEvent("go", {MakeException("error", "no row 17", {})})};
  Event custom = ValueErrorEvent();
  custom.fingerprint = {"checkout", "{{ function }}"};
  events.push_back(custom);
  Event hybrid = ValueErrorEvent();
  hybrid.fingerprint = {"{{ default }}", "eu"};
  events.push_back(hybrid);
  Event checksum = ValueErrorEvent();
  checksum.checksum = "abc";
  checksum.fingerprint = {"x"};
  events.push_back(checksum);
  Event chain = ValueErrorEvent();
  chain.exceptions.insert(chain.exceptions.begin(), MakeException("OSError", "disk 3", {}));
  chain.exceptions.insert(chain.exceptions.begin(),
                          MakeException("IOError", "io", {MakeFrame("io", "read", false)}));
  events.push_back(chain);
  Event overflow = MakeEvent("python", {MakeException("RecursionError", "", {})});
  overflow.exceptions[0].stacktrace = Stacktrace{};
  for (int i = 0; i < 400; ++i) {
    FramesOf(overflow).push_back(MakeFrame("a", i % 2 == 0 ? "visit" : "children"));
  }
  events.push_back(overflow);
  Frame page;
  page.filename = page.abs_path = "https://shop.example.com/cart/991";
  events.push_back(MakeEvent("javascript", {MakeException("TypeError", "x is null", {page})}));
  Event thread = MakeEvent("go", {});
  thread.threads.resize(1);
  thread.threads[0].stacktrace = Stacktrace{{MakeFrame("main", "run")}, {}};
  events.push_back(thread);
  thread.logentry = LogEntry{"done %s", "done 1", {}};
  events.push_back(thread);
  return events;
}

boost::json::object Explained(const Event& event) {
  return boost::json::parse(ExplainOf(event)).as_object();
}

// Every node says whether it contributes; a "why" stands exactly where it does not.
int CheckNode(const boost::json::object& node) {
  const bool contributes = node.at("contributes").as_bool();
  EXPECT_EQ(node.contains("why"), !contributes) << boost::json::serialize(node);
  if (!contributes) {
    EXPECT_FALSE(node.at("why").as_string().empty()) << boost::json::serialize(node);
  }
  int nodes = 1;
  if (const auto* children = node.if_contains("children")) {
    for (const auto& child : children->as_array()) nodes += CheckNode(child.as_object());
  }
  return nodes;
}

const boost::json::object* Find(const boost::json::object& node, std::string_view id) {
  if (node.at("id").as_string() == boost::json::string_view(id.data(), id.size())) return &node;
  if (const auto* children = node.if_contains("children")) {
    for (const auto& child : children->as_array()) {
      if (const auto* found = Find(child.as_object(), id)) return found;
    }
  }
  return nullptr;
}

TEST(Explain, KeysAreThoseOfGroup) {
  for (const Event& event : Samples()) {
    const Grouped grouped = GroupOf(event);
    const boost::json::object explained = Explained(event);
    const auto& keys = explained.at("keys").as_object();
    const auto check = [&](const char* name, const std::optional<Hash128>& key) {
      ASSERT_EQ(keys.contains(name), key.has_value()) << name;
      if (key) {
        EXPECT_EQ(std::string(keys.at(name).as_string()), ToHex(*key));
      }
    };
    check("P", grouped.keys.path);
    check("S", grouped.keys.site);
    check("M", grouped.keys.message);
    check("PM", grouped.keys.alias);
    check("X", grouped.keys.custom);
    EXPECT_EQ(std::string(explained.at("decided_by").as_string()), grouped.decided_by);
    EXPECT_EQ(explained.at("algo").as_string(), "g1");
    EXPECT_EQ(explained.at("weak").as_bool(), grouped.keys.weak);
    EXPECT_EQ(GroupOf(event).keys, grouped.keys) << "explaining changed what comes after";
  }
}

TEST(Explain, OneReasonForEveryPartThatDoesNotCount) {
  for (const Event& event : Samples()) {
    EXPECT_GE(CheckNode(Explained(event).at("tree").as_object()), 2);
  }
}

TEST(Explain, NamesTheReasonOfEachFrame) {
  Event event = ValueErrorEvent();
  auto& frames = FramesOf(event);
  Frame library = MakeFrame("requests.api", "get", true);
  library.abs_path = "/venv/lib/python3.11/site-packages/requests/api.py";
  frames.insert(frames.end() - 1, library);
  frames.push_back(frames.back());
  const boost::json::object tree = Explained(event).at("tree").as_object();
  const auto* stack = Find(tree, "stack");
  ASSERT_NE(stack, nullptr);
  std::vector<std::string> reasons;
  for (const auto& frame : stack->at("children").as_array()) {
    const auto* why = frame.as_object().if_contains("why");
    reasons.emplace_back(why == nullptr ? "" : std::string(why->as_string()));
  }
  EXPECT_EQ(reasons,
            (std::vector<std::string>{"not in-app, says the SDK", "", "",
                                      "rule: path:**/lib/python[23].*/** -app (built-in 3)", "",
                                      "recursion, same as 4"}));
}

TEST(Explain, ShowsTokensOfTheText) {
  const boost::json::object tree =
      Explained(MakeMessage("python", "User 4711 has no cart")).at("tree").as_object();
  const auto* message = Find(tree, "message");
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->at("parameterised").as_string(), "User <num> has no cart");
  const auto& token = message->at("tokens").as_array().at(0).as_object();
  EXPECT_EQ(token.at("at").as_int64(), 5);
  EXPECT_EQ(token.at("len").as_int64(), 4);
  EXPECT_EQ(token.at("token").as_string(), "num");
}

TEST(Explain, ShowsWhatTheFingerprintBecame) {
  Event event = ValueErrorEvent();
  event.fingerprint = {"checkout", "{{ function }}"};
  const boost::json::object explained = Explained(event);
  const auto& resolved = explained.at("fingerprint").as_object().at("resolved").as_array();
  EXPECT_EQ(resolved.at(1).as_string(), "total");
  EXPECT_EQ(explained.at("decided_by").as_string(), "custom");
}

}  // namespace
}  // namespace mishap
