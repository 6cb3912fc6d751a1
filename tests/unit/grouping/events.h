// Short ways to write events for the tests of grouping.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "event/event.h"
#include "grouping/grouping.h"

namespace mishap::grouping_test {

inline Frame MakeFrame(std::string module, std::string function, bool in_app = true) {
  Frame frame;
  frame.module = std::move(module);
  frame.function = std::move(function);
  frame.filename = frame.module + ".py";
  frame.lineno = 10;
  frame.in_app = in_app;
  return frame;
}

inline Exception MakeException(std::string type, std::string value, std::vector<Frame> frames) {
  Exception exception;
  exception.type = std::move(type);
  exception.value = std::move(value);
  if (!frames.empty()) exception.stacktrace = Stacktrace{std::move(frames), {}};
  return exception;
}

inline Event MakeEvent(std::string platform, std::vector<Exception> exceptions) {
  Event event;
  event.type = exceptions.empty() ? "default" : "error";
  event.platform = std::move(platform);
  event.exceptions = std::move(exceptions);
  return event;
}

inline Event MakeMessage(std::string platform, std::string text) {
  Event event = MakeEvent(std::move(platform), {});
  event.logentry = LogEntry{"", std::move(text), {}};
  return event;
}

// ValueError raised three calls deep in the user's code, below a library.
inline Event ValueErrorEvent() {
  Frame crash = MakeFrame("shop.cart", "total");
  crash.context_line = "    return sum(prices)";
  return MakeEvent("python", {MakeException("ValueError", "bad price 17",
                                            {MakeFrame("flask.app", "wsgi_app", false),
                                             MakeFrame("shop.views", "checkout"),
                                             MakeFrame("shop.orders", "place"), crash})});
}

inline Grouped GroupOf(const Event& event) {
  return CurrentGrouping().Group(event);
}
inline GroupingKeys KeysOf(const Event& event) {
  return GroupOf(event).keys;
}
inline std::string ExplainOf(const Event& event) {
  return CurrentGrouping().Explain(event);
}
inline std::vector<Frame>& FramesOf(Event& event, std::size_t exception = 0) {
  return event.exceptions[exception].stacktrace->frames;
}

}  // namespace mishap::grouping_test
