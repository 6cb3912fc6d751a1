// Invariance (spec 19): what must not change the issue.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

TEST(SameIssue, MovedLinesAndColumns) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  for (Frame& frame : FramesOf(event)) {
    frame.lineno = *frame.lineno + 7;
    frame.colno = 3;
  }
  EXPECT_EQ(KeysOf(event), before);
}

TEST(SameIssue, OtherDeployRootAndHost) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  for (Frame& frame : FramesOf(event)) frame.abs_path = "/srv/releases/20240131101500/x.py";
  event.server_name = "web-17";
  EXPECT_EQ(KeysOf(event), before);
}

TEST(SameIssue, OtherAddressesVariablesAndMetadata) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  FramesOf(event)[1].instruction_addr = "0x7fff12";
  FramesOf(event)[1].vars.text = R"({"x": 1})";
  event.release = "2.0";
  event.environment = "staging";
  event.transaction = "/cart/9";
  event.logger = "x";
  event.level = Level::kFatal;
  event.tags = {{"a", "b"}};
  event.user = EventUser{};
  EXPECT_EQ(KeysOf(event), before);
}

TEST(SameIssue, ExtraAndMissingLibraryFrames) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  auto& frames = FramesOf(event);
  frames.erase(frames.begin());
  Frame library = MakeFrame("sqlalchemy.engine", "execute", true);
  library.abs_path = "/usr/lib/python3.11/site-packages/sqlalchemy/engine.py";
  frames.insert(frames.begin() + 1, library);
  EXPECT_EQ(KeysOf(event), before) << "a path rule makes it a library although the SDK says in-app";
}

TEST(SameIssue, RecursionDepthAndCycles) {
  const auto deep = [](int rounds) {
    std::vector<Frame> frames{MakeFrame("a", "start")};
    for (int i = 0; i < rounds; ++i) {
      frames.push_back(MakeFrame("a", "visit"));
      frames.push_back(MakeFrame("a", "children"));
    }
    frames.push_back(MakeFrame("a", "leaf"));
    return MakeEvent("python", {MakeException("KeyError", "k", frames)});
  };
  EXPECT_EQ(KeysOf(deep(1)), KeysOf(deep(2)));
  EXPECT_EQ(KeysOf(deep(1)), KeysOf(deep(40)));
}

TEST(SameIssue, StackOverflowWhereverItWasEntered) {
  const auto overflow = [](const char* entry, const char* leaf) {
    std::vector<Frame> frames{MakeFrame("a", entry)};
    for (int i = 0; i < 30; ++i) {
      frames.push_back(MakeFrame("a", "visit"));
      frames.push_back(MakeFrame("a", "children"));
    }
    frames.push_back(MakeFrame("a", leaf));
    return MakeEvent("python",
                     {MakeException("RecursionError", "maximum recursion depth", frames)});
  };
  EXPECT_EQ(KeysOf(overflow("one", "x")).site, KeysOf(overflow("two", "y")).site);
}

TEST(SameIssue, ReformattedCrashLine) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  FramesOf(event).back().context_line = "\t\treturn  sum( prices );  # all of them";
  EXPECT_EQ(KeysOf(event), before);
}

TEST(SameIssue, IdsInTheText) {
  EXPECT_EQ(KeysOf(MakeMessage("python", "User 4711 has no cart")),
            KeysOf(MakeMessage("python", "User 12 has no cart")));
  EXPECT_EQ(KeysOf(MakeEvent("go", {MakeException("*errors.errorString", "no row 17", {})})),
            KeysOf(MakeEvent("go", {MakeException("*errors.errorString", "no row 3", {})})));
}

TEST(SameIssue, TextWhenAStackDecides) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  event.exceptions[0].value = "quite another text";
  const GroupingKeys after = KeysOf(event);
  EXPECT_EQ(after.site, before.site);
  EXPECT_EQ(after.path, before.path);
  EXPECT_NE(after.message, before.message);
  EXPECT_NE(after.alias, before.alias);
}

TEST(SameIssue, EditedCrashLineSharesTheAlias) {
  Event event = ValueErrorEvent();
  const GroupingKeys before = KeysOf(event);
  FramesOf(event).back().context_line = "    return sum(p for p in prices)";
  const GroupingKeys after = KeysOf(event);
  EXPECT_NE(after.site, before.site);
  EXPECT_EQ(after.path, before.path);
  EXPECT_EQ(after.alias, before.alias);
}

TEST(SameIssue, FlagsDoNotEnterTheKey) {
  Event event = ValueErrorEvent();
  auto& frames = FramesOf(event);
  frames.erase(frames.begin());
  const GroupingKeys before = KeysOf(event);
  for (Frame& frame : frames) frame.in_app.reset();
  EXPECT_EQ(KeysOf(event), before);
}

TEST(SameIssue, BundleHashesOfMinifiedCode) {
  const auto bundle = [](const char* url, const char* function) {
    Frame frame;
    frame.function = function;
    frame.filename = frame.abs_path = url;
    frame.lineno = 1;
    frame.colno = 40211;
    frame.in_app = true;
    return MakeEvent("javascript", {MakeException("TypeError", "x is undefined", {frame, frame})});
  };
  const Event first = bundle("https://cdn.acme.io/js/main.4f2a91bc.js", "t");
  const Event second = bundle("https://cdn2.acme.io/js/main.99ab01cd.js", "qe");
  EXPECT_EQ(KeysOf(first), KeysOf(second));
  EXPECT_EQ(GroupOf(first).decided_by, "text");
}

TEST(SameIssue, BuiltInsOfTheEngine) {
  const auto script = [](const char* function, bool placed) {
    Frame frame;
    frame.function = function;
    frame.in_app = true;
    if (placed) {
      frame.filename = "/srv/app/shop.js";
      frame.lineno = 3;
    }
    return frame;
  };
  const Frame total = script("total", true);
  Frame anonymous = script("Array.map", false);
  anonymous.filename = "<anonymous>";
  const GroupingKeys without = KeysOf(MakeEvent("node", {MakeException("E", "", {total, total})}));
  EXPECT_EQ(KeysOf(MakeEvent("node",
                             {MakeException("E", "", {total, script("Array.map", false), total})})),
            without);
  EXPECT_EQ(KeysOf(MakeEvent("node", {MakeException("E", "", {total, anonymous, total})})),
            without);
}

TEST(SameIssue, ReraisedInBetween) {
  const Exception root = MakeException("OSError", "x", {MakeFrame("io", "read")});
  const Exception middle = MakeException("LookupError", "y", {MakeFrame("mid", "get")});
  const Exception outer = MakeException("AppError", "z", {MakeFrame("app", "run")});
  EXPECT_EQ(KeysOf(MakeEvent("python", {root, outer})),
            KeysOf(MakeEvent("python", {root, middle, outer})));
}

TEST(SameIssue, PureWrapperAroundTheSame) {
  const Exception real = MakeException("AppError", "z", {MakeFrame("app", "run")});
  const Exception wrapper = MakeException("java.util.concurrent.ExecutionException", "AppError: z",
                                          {MakeFrame("pool", "get")});
  const Grouped wrapped = GroupOf(MakeEvent("java", {real, wrapper}));
  EXPECT_EQ(wrapped.keys, KeysOf(MakeEvent("java", {real})));
  EXPECT_EQ(wrapped.main_exception, 0U);
}

TEST(SameIssue, WhatAThreadSawBeforeDoesNotMatter) {
  const GroupingKeys before = KeysOf(ValueErrorEvent());
  for (int i = 0; i < 20000; ++i) {  // more frames than the memo keeps
    KeysOf(
        MakeEvent("python", {MakeException("E", "", {MakeFrame("m" + std::to_string(i), "f")})}));
  }
  EXPECT_EQ(KeysOf(ValueErrorEvent()), before);
}

}  // namespace
}  // namespace mishap
