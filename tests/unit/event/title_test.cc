// How issues are named.
#include "event/title.h"

#include <gtest/gtest.h>

#include "event/event_json.h"

namespace mishap {
namespace {

EventTitle TitleOf(std::string_view json) {
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event);
  return MakeTitle(*event, event->exceptions.empty() ? 0 : event->exceptions.size() - 1);
}

struct Case {
  const char* name;
  const char* json;
  const char* title;
  const char* culprit;
};

TEST(TitleTest, TitlesAndCulprits) {
  const Case cases[] = {
      {"exception",
       R"({"platform":"python","exception":[{"type":"KeyError","value":"'q'\nmore","stacktrace":{"frames":[
         {"function":"a","module":"app.a","in_app":true},{"function":"lib","module":"lib","in_app":false}]}}]})",
       "KeyError: 'q'", "app.a in a"},
      {"javascript",
       R"({"platform":"javascript","exception":[{"type":"TypeError","value":"","stacktrace":{"frames":[
         {"function":"go","filename":"/a.js","in_app":true}]}}]})",
       "TypeError", "go(/a.js)"},
      {"node without function",
       R"({"platform":"node","exception":[{"value":"x","stacktrace":{"frames":[{"module":"m"}]}}]})",
       "Error: x", "?(m)"},
      {"no in-app frame with a place",
       R"({"platform":"python","exception":[{"type":"E","stacktrace":{"frames":[
         {"function":"f","in_app":true},{"function":"last","filename":"l.py"}]}}]})",
       "E", "l.py in last"},
      {"synthetic",
       R"({"platform":"javascript","exception":[{"type":"E","value":"v","mechanism":{"type":"g","synthetic":true},
         "stacktrace":{"frames":[{"function":"clicked","filename":"a.js","in_app":true}]}}]})",
       "clicked", ""},
      {"synthetic without stack", R"({"exception":[{"type":"E","mechanism":{"synthetic":true}}]})",
       "<unknown>", ""},
      {"cause has the stack",
       R"({"platform":"ruby","exception":[{"type":"A","stacktrace":{"frames":[{"function":"f","filename":"x.rb"}]}},
         {"type":"B","value":"top"}]})",
       "B: top", "x.rb in f"},
      {"synthetic with a text",
       R"({"exception":[{"type":"E","value":"Object captured","mechanism":{"synthetic":true}}]})",
       "Object captured", ""},
      {"transaction wins", R"({"transaction":"GET /x","exception":[{"type":"E"}]})", "E", "GET /x"},
      {"culprit wins", R"({"culprit":"c","transaction":"t","exception":[{"type":"E"}]})", "E", "c"},
      {"message", R"({"logentry":{"formatted":"  hello\nworld"}})", "hello", ""},
      {"nothing", "{}", "<unlabeled event>", ""},
      {"url", R"({"logentry":{"formatted":"m"},"request":{"url":"http://x/y"}})", "m",
       "http://x/y"},
      {"native",
       R"({"platform":"native","exception":[{"type":"SIGSEGV","stacktrace":{"frames":[{"function":"main"}]}}]})",
       "SIGSEGV", "main"},
      {"one thread",
       R"({"platform":"python","logentry":{"formatted":"m"},"threads":[{"stacktrace":{"frames":[{"function":"f","module":"m"}]}}]})",
       "m", "m in f"},
  };
  for (const Case& c : cases) {
    EventTitle title = TitleOf(c.json);
    EXPECT_EQ(title.title, c.title) << c.name;
    EXPECT_EQ(title.culprit, c.culprit) << c.name;
  }
}

TEST(TitleTest, ReportersOfPanicsAreNoCulprit) {
  EXPECT_EQ(TitleOf(R"({"platform":"native","exception":[{"type":"panic","value":"x",
      "stacktrace":{"frames":[{"function":"client::run","in_app":true},
      {"function":"sentry_panic::panic_handler","in_app":true}]}}]})")
                .culprit,
            "client::run");
}

TEST(TitleTest, Metadata) {
  EventTitle title = TitleOf(R"({"exception":[{"type":"E","value":"v","stacktrace":{"frames":[
    {"function":"<unknown>","filename":"a.py","in_app":true}]}}]})");
  EXPECT_EQ(title.metadata_type, "E");
  EXPECT_EQ(title.metadata_value, "v");
  EXPECT_EQ(title.metadata_filename, "a.py");
  EXPECT_EQ(title.metadata_function, "");
  EXPECT_EQ(TitleOf(R"({"message":"m"})").metadata_title, "m");
}

TEST(TitleTest, LongTextsAreCut) {
  std::string text(500, 'x');
  EXPECT_EQ(TitleOf(R"({"message":")" + text + "\"}").title, text.substr(0, 97) + "...");
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "\xC3\xBC";
  EXPECT_EQ(TitleOf(R"({"message":")" + umlauts + "\"}").title, umlauts) << "characters, not bytes";
}

TEST(TitleTest, Unhandled) {
  auto unhandled = [](std::string_view json) { return IsUnhandled(*EventReader().Read(json)); };
  EXPECT_TRUE(unhandled(R"({"exception":[{"mechanism":{"handled":false}},{"type":"E"}]})"));
  EXPECT_FALSE(unhandled(R"({"exception":[{"mechanism":{"handled":true}},{"mechanism":{}}]})"));
  EXPECT_FALSE(unhandled("{}"));
}

}  // namespace
}  // namespace mishap
