// Real events, changed where it must not matter (grouping 19): order of keys, blanks, lines,
// addresses, variables, metadata, library frames, depth of a recursion. Every key stays, of every
// case.
#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "event/event_json.h"
#include "grouping/grouping.h"
#include "ingest/event_stage.h"
#include "tests/golden/captured_request.h"

namespace mishap {
namespace {

namespace json = boost::json;

class CountingRandom final : public Random {
 public:
  void Fill(void* out, std::size_t bytes) override {
    auto* p = static_cast<std::uint8_t*>(out);
    for (std::size_t i = 0; i < bytes; ++i) p[i] = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

Grouped GroupText(const std::string& text, EventContext context) {
  CountingRandom random;
  const ProjectEntry project;
  context.project = &project;
  context.received_at = Timestamp{1'795'364'400LL * kMicrosPerSecond};
  auto ready = MakeEventStage(random)->Run(text, context);
  if (!ready) {
    ADD_FAILURE() << ready.error().detail;
    return {};
  }
  return CurrentGrouping().Group(*EventReader().Read(ready->canonical_json));
}

// `change` for every object, the inner ones first.
void EachObject(json::value& value, const std::function<void(json::object&)>& change) {
  if (value.is_array()) {
    for (json::value& one : value.get_array()) EachObject(one, change);
  } else if (value.is_object()) {
    for (auto& entry : value.get_object()) EachObject(entry.value(), change);
    change(value.get_object());
  }
}

// `change` for the frames of every stack trace.
void EachStack(json::value& event, const std::function<void(json::array&)>& change) {
  EachObject(event, [&](json::object& object) {
    if (auto* frames = object.if_contains("frames"); frames != nullptr && frames->is_array()) {
      change(frames->get_array());
    }
  });
}

void ReverseKeys(json::value& event) {
  EachObject(event, [](json::object& object) {
    std::vector<std::pair<std::string, json::value>> entries;
    for (auto& entry : object) entries.emplace_back(entry.key(), std::move(entry.value()));
    object.clear();
    for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
      object.emplace(it->first, std::move(it->second));
    }
  });
}

void MoveLines(json::value& event) {
  EachStack(event, [](json::array& frames) {
    for (json::value& frame : frames) {
      if (!frame.is_object()) continue;
      // Far columns would say that the code is minified.
      for (const auto& [name, by] : {std::pair("lineno", 1'017), std::pair("colno", 3)}) {
        auto* number = frame.get_object().if_contains(name);
        if (number != nullptr && number->is_int64()) *number = number->get_int64() + by;
      }
    }
  });
}

void OtherAddressesAndVariables(json::value& event) {
  EachStack(event, [](json::array& frames) {
    for (json::value& frame : frames) {
      if (!frame.is_object()) continue;
      json::object& object = frame.get_object();
      object["vars"] = {{"price", 4711}, {"self", "<Cart at 0x7f1122334455>"}};
      object["instruction_addr"] = "0x7f00deadbeef";
      object["image_addr"] = "0x7f0000000000";
    }
  });
}

void OtherMetadata(json::value& event) {
  json::object& object = event.as_object();
  object["event_id"] = "0123456789abcdef0123456789abcdef";
  object["timestamp"] = 1'795'364'000;
  object["user"] = {{"id", "another"}, {"ip_address", "198.51.100.7"}};
  object["server_name"] = "another-host-17";
  object["environment"] = "staging";
  object["release"] = "another@9.9.9";
  object["breadcrumbs"] = {{"values", {{{"message", "another crumb"}, {"timestamp", 1}}}}};
  object["extra"] = {{"another", {1, 2, 3}}};
  object["modules"] = {{"another", "1.0"}};
}

bool IsOurs(const json::value& frame) {
  const auto* object = frame.if_object();
  const auto* in_app = object == nullptr ? nullptr : object->if_contains("in_app");
  return in_app != nullptr && in_app->is_bool() && in_app->get_bool();
}

// Where frames say which are the user's; in minified code that says little.
void MoreLibraryFrames(json::value& event) {
  const auto* platform = event.as_object().if_contains("platform");
  if (platform != nullptr && *platform == "javascript") return;
  EachStack(event, [](json::array& frames) {
    if (std::none_of(frames.begin(), frames.end(), IsOurs)) return;
    frames.insert(frames.begin(), json::object{{"module", "zz.framework"},
                                               {"function", "dispatch_all"},
                                               {"filename", "/usr/lib/zz/framework"},
                                               {"in_app", false}});
  });
}

void DeeperRecursion(json::value& event) {
  EachStack(event, [](json::array& frames) {
    if (!frames.empty() && IsOurs(frames.back())) frames.push_back(json::value(frames.back()));
  });
}

struct Change {
  const char* name;
  void (*apply)(json::value&);
};
constexpr Change kChanges[] = {{"order of keys", ReverseKeys},
                               {"lines", MoveLines},
                               {"addresses and variables", OtherAddressesAndVariables},
                               {"metadata", OtherMetadata},
                               {"library frames", MoreLibraryFrames},
                               {"recursion", DeeperRecursion}};

TEST(Metamorphic, WhatMustNotMatterDoesNot) {
  int judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden/cases")) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path() / "request.http.json", std::ios::binary);
    auto events = EventsOf(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(events) << events.error().detail;
    const CapturedEvent& captured = events->front();
    boost::system::error_code error;
    json::parse(captured.json, error);
    if (error) continue;  // half a surrogate: ours reads it, this parser does not
    const GroupingKeys before = GroupText(captured.json, captured.context).keys;
    for (const Change& change : kChanges) {
      json::value event = json::parse(captured.json);
      change.apply(event);
      const GroupingKeys after = GroupText(json::serialize(event), captured.context).keys;
      EXPECT_TRUE(after == before) << change.name;
      ++judged;
    }
  }
  EXPECT_GT(judged, 400);
}

}  // namespace
}  // namespace mishap
