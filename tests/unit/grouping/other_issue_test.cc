// Sensitivity (spec 19): what must change the issue.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

TEST(OtherIssue, Type) {
  Event event = ValueErrorEvent();
  event.exceptions[0].type = "TypeError";
  EXPECT_NE(KeysOf(event).site, KeysOf(ValueErrorEvent()).site);
}

TEST(OtherIssue, CrashFunction) {
  Event event = ValueErrorEvent();
  FramesOf(event).back().function = "tax";
  EXPECT_NE(KeysOf(event).path, KeysOf(ValueErrorEvent()).path);
}

TEST(OtherIssue, CrashModule) {
  Event event = ValueErrorEvent();
  FramesOf(event).back().module = "shop.basket";
  EXPECT_NE(KeysOf(event).path, KeysOf(ValueErrorEvent()).path);
}

TEST(OtherIssue, CrashStatement) {
  Event event = ValueErrorEvent();
  FramesOf(event).back().context_line = "    return prices[0]";
  EXPECT_NE(KeysOf(event).site, KeysOf(ValueErrorEvent()).site);
}

TEST(OtherIssue, CallerPath) {
  Event event = ValueErrorEvent();
  FramesOf(event)[1].function = "preview";
  EXPECT_NE(KeysOf(event).path, KeysOf(ValueErrorEvent()).path);
}

TEST(OtherIssue, SwappedCallerAndCallee) {
  Event event = ValueErrorEvent();
  std::swap(FramesOf(event)[1], FramesOf(event)[2]);
  EXPECT_NE(KeysOf(event).path, KeysOf(ValueErrorEvent()).path);
}

TEST(OtherIssue, SeventhFrameDoesNotCountTheSixthDoes) {
  const auto stack = [](std::size_t changed) {
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < 7; ++i) {
      frames.push_back(MakeFrame("m", i == changed ? "other" : "f" + std::to_string(i)));
    }
    return MakeEvent("python", {MakeException("E", "", frames)});
  };
  EXPECT_EQ(KeysOf(stack(0)), KeysOf(stack(99)));
  EXPECT_NE(KeysOf(stack(1)).path, KeysOf(stack(99)).path);
}

TEST(OtherIssue, TextWithoutStack) {
  EXPECT_NE(KeysOf(MakeEvent("go", {MakeException("error", "no such host", {})})).site,
            KeysOf(MakeEvent("go", {MakeException("error", "no such file", {})})).site);
  EXPECT_NE(KeysOf(MakeMessage("python", "cart is empty")).site,
            KeysOf(MakeMessage("python", "cart is full")).site);
}

TEST(OtherIssue, CodesInTheText) {
  EXPECT_NE(KeysOf(MakeMessage("python", "upstream said HTTP 404")).site,
            KeysOf(MakeMessage("python", "upstream said HTTP 503")).site);
}

TEST(OtherIssue, CallSiteOfAMessage) {
  Event one = MakeMessage("python", "done");
  Event two = one;
  one.stacktrace = Stacktrace{{MakeFrame("jobs", "nightly")}, {}};
  two.stacktrace = Stacktrace{{MakeFrame("jobs", "hourly")}, {}};
  EXPECT_NE(KeysOf(one).site, KeysOf(two).site);
}

TEST(OtherIssue, RootCause) {
  const Exception outer = MakeException("AppError", "z", {MakeFrame("app", "run")});
  const Exception disk = MakeException("OSError", "x", {MakeFrame("io", "read")});
  const Exception net = MakeException("TimeoutError", "x", {MakeFrame("io", "read")});
  EXPECT_NE(KeysOf(MakeEvent("python", {disk, outer})).site,
            KeysOf(MakeEvent("python", {net, outer})).site);
}

TEST(OtherIssue, FallbackIsScoped) {
  Event one = MakeEvent("python", {});
  Event two = one;
  two.transaction = "/checkout";
  EXPECT_EQ(GroupOf(one).decided_by, "fallback");
  EXPECT_TRUE(KeysOf(one).weak);
  EXPECT_NE(KeysOf(one).site, KeysOf(two).site);
}

TEST(OtherIssue, SecurityDirectiveAndHost) {
  const auto csp = [](const char* directive, const char* blocked) {
    Event event = MakeMessage("javascript", "Blocked");
    event.other.emplace_back("csp", RawJson{std::string(R"({"effective_directive":")") + directive +
                                            R"(","blocked_uri":")" + blocked +
                                            R"(","document_uri":"https://shop.example/cart"})"});
    return event;
  };
  const GroupingKeys script = KeysOf(csp("script-src", "https://evil.example/a.js"));
  EXPECT_EQ(script, KeysOf(csp("script-src", "https://evil.example/b.js?x=1")));
  EXPECT_NE(script.site, KeysOf(csp("style-src", "https://evil.example/a.js")).site);
  EXPECT_NE(script.site, KeysOf(csp("script-src", "https://other.example/a.js")).site);
  EXPECT_NE(script.site, KeysOf(csp("script-src", "https://shop.example/a.js")).site);
}

TEST(OtherIssue, TemplateFile) {
  Event one = MakeEvent("python", {});
  one.frame_template.text = R"({"filename":"cart.html","context_line":"{{ total }}"})";
  Event two = one;
  two.frame_template.text = R"({"filename":"user.html","context_line":"{{ total }}"})";
  EXPECT_EQ(GroupOf(one).decided_by, "template");
  EXPECT_NE(KeysOf(one).site, KeysOf(two).site);
}

TEST(OtherIssue, CrashedThreadOfAnEventWithoutText) {
  const auto threads = [](const char* crashed, const char* idle) {
    Event event = MakeEvent("native", {});
    for (const char* function : {idle, crashed}) {
      Thread thread;
      thread.crashed = function == crashed;
      Frame frame;
      frame.function = function;
      frame.package = "/usr/bin/app";
      thread.stacktrace = Stacktrace{{frame}, {}};
      event.threads.push_back(thread);
    }
    return event;
  };
  EXPECT_EQ(GroupOf(threads("parse()", "wait()")).decided_by, "threads");
  EXPECT_EQ(KeysOf(threads("parse()", "wait()")), KeysOf(threads("parse()", "poll()")));
  EXPECT_NE(KeysOf(threads("parse()", "wait()")).site, KeysOf(threads("draw()", "wait()")).site);
}

}  // namespace
}  // namespace mishap
