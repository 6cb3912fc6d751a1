// The lenient reader: every shape old and new SDKs send, what becomes of what does not fit, and
// writing it back.
#include "event/event_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Event Read(std::string_view json) {
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event) << (event ? "" : event.error().detail);
  return event ? *event : Event{};
}

std::string Canonical(std::string_view json) {
  return WriteEventJson(Read(json));
}

// "name value" of each error.
std::vector<std::string> Errors(const Event& event) {
  std::vector<std::string> all;
  for (const EventError& error : event.errors) {
    EXPECT_EQ(error.type, "invalid_data");
    all.push_back(error.name + " " + error.value.text);
  }
  return all;
}

TEST(EventReaderTest, OnlyObjectsAreEvents) {
  for (std::string_view json : {"", "[]", "null", "7", "\"x\"", "{\"a\":", "{} {}"}) {
    auto event = EventReader().Read(json);
    ASSERT_FALSE(event) << json;
    EXPECT_EQ(event.error().reason, Reason::kInvalidJson);
    EXPECT_NE(event.error().detail.find("byte "), std::string::npos) << event.error().detail;
  }
  EXPECT_EQ(Canonical("{}"), "{}");
}

TEST(EventReaderTest, ValueListsInThreeShapes) {
  for (const char* json :
       {R"({"exception":{"values":[{"type":"E","value":"v"}]}})",
        R"({"exception":[{"type":"E","value":"v"}]})", R"({"exception":{"type":"E","value":"v"}})",
        R"({"sentry.interfaces.Exception":{"type":"E","value":"v"}})",
        R"({"exception":null,"sentry.interfaces.Exception":[null,{"type":"E","value":"v"}]})"}) {
    EXPECT_EQ(Canonical(json), R"({"exception":{"values":[{"type":"E","value":"v"}]}})") << json;
  }
  for (const char* json :
       {R"({"exception":{}})", R"({"exception":[]})", R"({"exception":{"values":[]}})",
        R"({"exception":{"values":null}})", R"({"threads":[null]})"}) {
    EXPECT_EQ(Canonical(json), "{}") << json;
  }
}

TEST(EventReaderTest, CanonicalNamesBeatAliases) {
  Event event = Read(R"({"sentry.interfaces.User":{"id":"old"},"user":{"id":"new"},
                         "sentry.interfaces.Http":{"url":"http://a"}})");
  EXPECT_EQ(event.user->id, "new");
  EXPECT_EQ(event.request->url, "http://a");
}

TEST(EventReaderTest, MessagesInTheirForms) {
  auto entry = [](std::string_view json) { return *Read(json).logentry; };
  EXPECT_EQ(entry(R"({"message":"hi"})").formatted, "hi");
  EXPECT_EQ(entry(R"({"message":{"formatted":"hi"}})").formatted, "hi");
  EXPECT_EQ(entry(R"({"logentry":{"message":5,"formatted":{"a":1}}})").formatted, R"({"a":1})");
  LogEntry raven = entry(
      R"({"message":"user 7","sentry.interfaces.Message":{"message":"user %s","params":["7"]}})");
  EXPECT_EQ(raven, (LogEntry{"user %s", "user 7", RawJson{R"(["7"])"}}));
  LogEntry template_only = entry(
      R"({"message":"user %s","sentry.interfaces.Message":{"message":"user %s","params":["7"]}})");
  EXPECT_EQ(template_only.formatted, "") << "a repeated template is not the text";
}

TEST(EventReaderTest, WrongTypesAreDroppedAndNamed) {
  Event event = Read(R"({"level":"bogus","platform":5,"exception":[{"type":{},"stacktrace":true},7],
    "tags":{"a":{"x":1},"b":null},"fingerprint":"x","timestamp":"never","user":[1],"breadcrumbs":[{"data":"text"}],
    "contexts":{"app":"plain","os":{"name":"Linux"}},"extra":[],"logger":null,"request":{"headers":5}})");
  EXPECT_THAT(
      Errors(event),
      ElementsAre("level \"bogus\"", "platform 5", "exception.0.type {}",
                  "exception.0.stacktrace true", "exception.1 7", "tags.a {\"x\":1}",
                  "fingerprint \"x\"", "timestamp \"never\"", "user [1]",
                  "breadcrumbs.0.data \"text\"", "contexts.app \"plain\"", "request.headers 5"));
  EXPECT_EQ(event.contexts.size(), 1u);
  EXPECT_EQ(event.exceptions.size(), 1u);
}

TEST(EventReaderTest, LenientText) {
  Event event =
      Read(R"({"release":1.5,"dist":42,"user":{"id":7},"tags":[["a",true],["b",1.9],[3,"c"]],
                         "fingerprint":["x",1,true,null,2.5],"exception":{"type":false,"value":{"k":[1]}}})");
  EXPECT_EQ(event.release, "1");
  EXPECT_EQ(event.dist, "42");
  EXPECT_EQ(event.user->id, "7");
  EXPECT_THAT(event.tags, ElementsAre(Pair("a", "True"), Pair("b", "1"), Pair("3", "c")));
  EXPECT_THAT(event.fingerprint, ElementsAre("x", "1", "True", "2"));
  EXPECT_EQ(event.exceptions[0].type, "False");
  EXPECT_EQ(event.exceptions[0].value, R"({"k":[1]})");
  EXPECT_THAT(event.errors, IsEmpty());
}

TEST(EventReaderTest, LevelsAndTimes) {
  struct Case {
    const char* json;
    Level want;
  };
  for (const Case& c : {Case{"40", Level::kError}, Case{"\"critical\"", Level::kFatal},
                        Case{"\"WARN\"", Level::kWarning}, Case{"\"log\"", Level::kInfo},
                        Case{"\"50\"", Level::kFatal}, Case{"10", Level::kDebug}}) {
    EXPECT_EQ(Read(std::string("{\"level\":") + c.json + "}").level, c.want) << c.json;
  }
  for (const char* time :
       {"1777629600.5", "\"2026-05-01T10:00:00.5Z\"", "\"2026-05-01 10:00:00.500\"",
        "\"2026-05-01T12:00:00.500000000+02:00\"", "\"1777629600.5\""}) {
    EXPECT_EQ(Canonical(std::string("{\"timestamp\":") + time + "}"),
              R"({"timestamp":"2026-05-01T10:00:00.500000Z"})")
        << time;
  }
}

TEST(EventReaderTest, Frames) {
  Event event = Read(R"({"stacktrace":{"frames":[null,{"lineno":"12","colno":0,"vars":["a",{"b":1}],
    "pre_context":["x",null],"instruction_addr":4096,"image_addr":"0x1F","symbol_addr":"17",
    "in_app":false,"lock":{"type":1}}],"registers":{"rip":"0x1"}}})");
  const Frame& frame = event.stacktrace->frames.at(0);
  EXPECT_EQ(frame.lineno, 12u);
  EXPECT_FALSE(frame.colno);
  EXPECT_EQ(frame.vars.text, R"({"0":"a","1":{"b":1}})");
  EXPECT_THAT(frame.pre_context, ElementsAre("x", ""));
  EXPECT_EQ(frame.instruction_addr, "0x1000");
  EXPECT_EQ(frame.image_addr, "0x1f");
  EXPECT_EQ(frame.symbol_addr, "0x11");
  EXPECT_EQ(frame.in_app, false);
  EXPECT_EQ(frame.other.at(0).first, "lock");
  EXPECT_EQ(event.stacktrace->other.at(0).first, "registers");
}

TEST(EventReaderTest, RequestShapes) {
  Event event =
      Read(R"({"request":{"query_string":"?a=1&b=x+y%21&c","cookies":"s=1; t=%20","headers":
    {"b":["1",2],"a":3},"data":"raw","env":{"REMOTE_ADDR":"::1"},"api_target":"graphql"}})");
  EXPECT_THAT(event.request->query_string,
              ElementsAre(Pair("a", "1"), Pair("b", "x y!"), Pair("c", "")));
  EXPECT_THAT(event.request->cookies, ElementsAre(Pair("s", "1"), Pair("t", " ")));
  EXPECT_THAT(event.request->headers, ElementsAre(Pair("a", "3"), Pair("b", "1,2")));
  EXPECT_EQ(event.request->data.text, "\"raw\"");
  EXPECT_EQ(event.request->other.at(0).second.text, "\"graphql\"");
  event = Read(
      R"({"request":{"headers":[["B","1"],["A","2"],["B","3"]],"query_string":{"z":1,"y":[2]}}})");
  EXPECT_THAT(event.request->headers, ElementsAre(Pair("B", "1"), Pair("A", "2"), Pair("B", "3")));
  EXPECT_THAT(event.request->query_string, ElementsAre(Pair("y", "[2]"), Pair("z", "1")));
}

TEST(EventReaderTest, UnknownFieldsStay) {
  std::string json = Canonical(R"({"zz":{"a":[1,null]},"version":"7","project":9,"time_spent":5,
      "_meta":{"user":{"":{"len":9}}},"user":{"id":"1","segment":"beta","data":{"plan":"x"}}})");
  EXPECT_EQ(
      json,
      R"({"user":{"id":"1","data":{"segment":"beta","plan":"x"}},"_meta":{"user":{"":{"len":9}}},)"
      R"("zz":{"a":[1,null]},"time_spent":5})");
  EXPECT_EQ(Canonical(json), json);
}

TEST(EventReaderTest, HostileListsStayBounded) {
  std::string frames = R"({"stacktrace":{"frames":[)";
  for (int i = 0; i < 100'000; ++i) frames += R"({"lineno":)" + std::to_string(i + 1) + "},";
  frames.back() = ']';
  Event event = Read(frames + "}}");
  ASSERT_EQ(event.stacktrace->frames.size(), 1000u) << "500 of each end";
  EXPECT_EQ(event.stacktrace->frames.back().lineno, 100'000u);
  std::string exceptions = R"({"exception":[)";
  for (int i = 0; i < 900; ++i) {
    exceptions +=
        R"({"stacktrace":{"frames":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}},)";
  }
  exceptions.back() = ']';
  event = Read(exceptions + "}");
  std::size_t parts = event.exceptions.size();
  for (const Exception& e : event.exceptions)
    parts += e.stacktrace ? e.stacktrace->frames.size() : 0;
  EXPECT_LE(parts, 20'000u);
  std::string errors = R"({"tags":[)";
  for (int i = 0; i < 1000; ++i) errors += "{},";
  errors.back() = ']';
  EXPECT_EQ(Read(errors + "}").errors.size(), kEventErrorsMax);
}

// One event with everything in it: reading what was written gives the same event, field by field.
TEST(EventWriterTest, ReadsBackWhatItWrote) {
  constexpr std::string_view kJson =
      R"({"event_id":"0123456789abcdef0123456789abcdef","level":"fatal","type":"error","platform":"python",)"
      R"("timestamp":"2026-05-01T10:00:00.123456Z","received":"2026-05-01T10:00:01Z","release":"a@1","dist":"7",)"
      R"("environment":"prod","server_name":"web","logger":"root","transaction":"t","culprit":"c",)"
      R"("logentry":{"message":"a %s","params":["b"],"formatted":"a b"},)"
      R"("exception":{"values":[{"type":"E","value":"v","module":"m","mechanism":{"type":"x","handled":false,)"
      R"("synthetic":true,"is_exception_group":true,"exception_id":1,"parent_id":0,"description":"d",)"
      R"("help_link":"h","source":"s","data":{"a":1},"meta":{"b":2},"z":3},"stacktrace":{"frames":[{"function":"f",)"
      R"("raw_function":"rf","module":"m","package":"p","filename":"a.py","abs_path":"/a.py","lineno":1,"colno":2,)"
      R"("pre_context":["",""],"context_line":"x","post_context":["y"],"in_app":true,"vars":{"v":null},)"
      R"("data":{"d":1},"platform":"native","instruction_addr":"0x1","symbol_addr":"0x2","image_addr":"0x3",)"
      R"("symbol":"s","trust":"t","lock":{"type":1}}],"registers":{"r":"0x0"}},"raw_stacktrace":{"frames":[]},)"
      R"("thread_id":7,"x":1}]},"stacktrace":{"frames":[{"function":"g"}]},"threads":{"values":[{"id":"7","name":"n",)"
      R"("state":"run","crashed":true,"current":false,"main":true,"stacktrace":{"frames":[{"function":"h"}]},"q":1}]},)"
      R"("template":{"filename":"t.html"},"fingerprint":["a","b"],"checksum":"abc","tags":[["k","v"]],)"
      R"("user":{"id":"1","email":"e","ip_address":"::1","username":"u","name":"n","geo":{"city":"X"},"data":{"p":1}},)"
      R"("request":{"method":"GET","url":"http://x/","query_string":[["a","b"]],"fragment":"f","data":[1],)"
      R"("inferred_content_type":"application/json","cookies":[["c","d"]],"headers":[["H","v"]],)"
      R"("env":{"A":"b"},"protocol":"HTTP/1.1","api_target":"x"},"contexts":{"os":{"name":"Linux"}},)"
      R"("breadcrumbs":{"values":[{"timestamp":"2026-05-01T09:59:59Z","type":"http","category":"c","level":"info",)"
      R"("message":"m","data":{"u":1},"event_id":"e"}]},"extra":{"n":null,"o":{"p":[1.5]}},"modules":{"django":"5"},)"
      R"("sdk":{"name":"s","version":"1","integrations":["i"],"packages":[{"name":"p","version":"2"}],)"
      R"("settings":{"infer_ip":"never"},"features":["f"]},"debug_meta":{"images":[]},)"
      R"("errors":[{"type":"invalid_data","name":"x","value":[1],"y":2}],"_meta":{"a":{"":{"len":1}}},"zzz":{"q":1}})";
  Event event = Read(kJson);
  EXPECT_THAT(event.errors, testing::SizeIs(1));
  std::string written = WriteEventJson(event);
  EXPECT_EQ(written, kJson);
  EXPECT_EQ(Read(written), event);
}

}  // namespace
}  // namespace mishap
