#include "api/event_entries.h"

#include <gtest/gtest.h>

#include "api/event_shape.h"
#include "event/event_json.h"

namespace mishap {
namespace {

Event Read(std::string_view json) {
  EventReader reader;
  auto event = reader.Read(json);
  EXPECT_TRUE(event.has_value());
  return event.value_or(Event{});
}

std::string Entries(std::string_view event) {
  std::string out;
  JsonWriter json(out);
  WriteEntries(Read(event), json);
  return out;
}

TEST(EventEntriesTest, Exception) {
  EXPECT_EQ(
      Entries(R"({"exception":{"values":[{"type":"ValueError","value":"boom","module":"builtins",
        "mechanism":{"type":"logging","handled":false},
        "stacktrace":{"frames":[
          {"function":"main","filename":"app.py","abs_path":"/srv/app.py","lineno":10,"in_app":true,
           "pre_context":["a","b"],"context_line":"c","post_context":["d"],"vars":{"x":"1"}},
          {"function":"lib","module":"lib.core","in_app":false}]}}]}})"),
      R"([{"type":"exception","data":{"values":[{"type":"ValueError","value":"boom",)"
      R"("mechanism":{"type":"logging","handled":false},"threadId":null,"module":"builtins",)"
      R"("stacktrace":{"frames":[{"filename":"app.py","absPath":"/srv/app.py","module":null,)"
      R"("package":null,"platform":null,"instructionAddr":null,"symbolAddr":null,)"
      R"("function":"main","rawFunction":null,"symbol":null,)"
      R"("context":[[8,"a"],[9,"b"],[10,"c"],[11,"d"]],"lineNo":10,"colNo":null,"inApp":true,)"
      R"("trust":null,"errors":null,"lock":null,"sourceLink":null,"vars":{"x":"1"}},)"
      R"({"filename":null,"absPath":null,"module":"lib.core","package":null,"platform":null,)"
      R"("instructionAddr":null,"symbolAddr":null,"function":"lib","rawFunction":null,)"
      R"("symbol":null,"context":[],"lineNo":null,"colNo":null,"inApp":false,"trust":null,)"
      R"("errors":null,"lock":null,"sourceLink":null,"vars":null}],"framesOmitted":null,)"
      R"("registers":null,"hasSystemFrames":true},"rawStacktrace":null}],)"
      R"("hasSystemFrames":true,"excOmitted":null}}])");
}

TEST(EventEntriesTest, MessageBreadcrumbsAndRequest) {
  EXPECT_EQ(
      Entries(R"({"logentry":{"message":"hi %s","formatted":"hi Ann","params":["Ann"]},
        "breadcrumbs":{"values":[{"timestamp":"2026-05-01T10:00:00Z","category":"http",
                                  "message":"GET","data":{"url":"/x"}}]},
        "request":{"url":"http://h/x","method":"GET","query_string":[["a","1"]],
                   "headers":[["Host","h"]]}})"),
      R"([{"type":"message","data":{"formatted":"hi Ann","message":"hi %s","params":["Ann"]}},)"
      R"({"type":"breadcrumbs","data":{"values":[{"timestamp":"2026-05-01T10:00:00Z",)"
      R"("type":"default","category":"http","level":"info","message":"GET","data":{"url":"/x"},)"
      R"("event_id":null}]}},)"
      R"({"type":"request","data":{"apiTarget":null,"method":"GET","url":"http://h/x",)"
      R"("query":[["a","1"]],"fragment":null,"data":null,"headers":[["Host","h"]],"cookies":[],)"
      R"("env":null,"inferredContentType":null}}])");
}

TEST(EventEntriesTest, ARelativeUrlIsNone) {
  EXPECT_NE(Entries(R"({"request":{"url":"/x","method":"GET"}})").find(R"("url":null)"),
            std::string::npos);
}

TEST(EventEntriesTest, ThreadsTemplateAndImages) {
  auto entries = Entries(R"({"threads":{"values":[{"id":7,"name":"main","crashed":true}]},
      "template":{"filename":"a.html","lineno":3,"context_line":"{{ x }}"},
      "debug_meta":{"images":[{"type":"macho"}]}})");
  EXPECT_NE(entries.find(R"({"type":"threads","data":{"values":[{"id":7,"name":"main",)"
                         R"("current":false,"crashed":true,"state":null,"heldLocks":null,)"
                         R"("stacktrace":null,"rawStacktrace":null}]}})"),
            std::string::npos)
      << entries;
  EXPECT_NE(entries.find(R"({"lineNo":3,"filename":"a.html","context":[[3,"{{ x }}"]]})"),
            std::string::npos)
      << entries;
  EXPECT_NE(entries.find(R"({"type":"debugmeta","data":{"images":[{"type":"macho"}]}})"),
            std::string::npos)
      << entries;
}

StoredEventRow Row() {
  StoredEventRow row;
  row.project = {2};
  row.id.bytes.fill(0xab);
  row.issue = {2'000'000'001};
  row.hash = "0102";
  row.received_at = *ParseTimestamp("2026-05-01T10:00:01Z");
  row.occurred_at = *ParseTimestamp("2026-05-01T10:00:00Z");
  row.json_bytes = 2412;
  return row;
}

TEST(EventShapeTest, SimpleHasItsTypeUnderADottedKey) {
  std::string out;
  JsonWriter json(out);
  WriteEventSimple(Read(R"({"platform":"python","type":"error",
      "exception":{"values":[{"type":"E","value":"v"}]},"tags":{"b":"2","a":"1"},
      "user":{"id":"7"}})"),
                   Row(), json);
  EXPECT_TRUE(
      out.starts_with(R"({"event.type":"error","id":"abababababababababababababababab",)"
                      R"("groupID":"2000000001","eventID":"abababababababababababababababab",)"
                      R"("projectID":"2","message":"","title":"E: v")"))
      << out;
  EXPECT_NE(out.find(R"("user":{"id":"7","email":null,"username":null,"ip_address":null,)"
                     R"("name":null,"geo":null,"data":{}})"),
            std::string::npos)
      << out;
  EXPECT_LT(out.find(R"({"key":"a","value":"1"})"), out.find(R"({"key":"b","value":"2"})"));
  EXPECT_NE(out.find(R"("dateCreated":"2026-05-01T10:00:00Z")"), std::string::npos);
}

TEST(EventShapeTest, DetailNeverHasNullWhereObjectsAreDue) {
  auto row = Row();
  std::string out;
  JsonWriter json(out);
  WriteEventDetail(Read("{}"), {row, std::nullopt, std::nullopt}, json);
  for (auto part :
       {R"("entries":[])", R"("contexts":{})", R"("context":{})", R"("packages":{})",
        R"("_meta":{})", R"("errors":[])", R"("user":null)", R"("sdk":null)", R"("release":null)",
        R"("nextEventID":null)", R"("previousEventID":null)", R"("fingerprints":["0102"])",
        R"("size":2412)", R"("dist":null)", R"("dateReceived":"2026-05-01T10:00:01Z")"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << "\n" << out;
  }
  EXPECT_EQ(out.find("event.type"), std::string::npos);
}

std::string Detail(std::string_view event) {
  auto row = Row();
  std::string out;
  JsonWriter json(out);
  WriteEventDetail(Read(event), {row, std::nullopt, std::nullopt}, json);
  return out;
}

TEST(EventShapeTest, ContextsSayTheirType) {
  auto out = Detail(R"({"contexts":{"os":{"name":"Linux"},"own":{"type":"app","n":1}}})");
  for (auto part : {R"("os":{"type":"os","name":"Linux"})", R"("own":{"type":"app","n":1})"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << "\n" << out;
  }
}

TEST(EventShapeTest, ErrorsSayWhatWasDone) {
  auto out = Detail(R"({"errors":[{"type":"invalid_data","name":"level","value":7},
      {"type":"clock_drift","name":"timestamp","sdk_time":"2026-05-01T10:00:00Z"}]})");
  EXPECT_NE(out.find(R"("message":"Discarded invalid value of level.",)"
                     R"("data":{"name":"level","value":7})"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find(R"("message":"The sender's clock was wrong; the event's times were moved to )"
                     R"(the server's.","data":{"name":"timestamp",)"
                     R"("sdk_time":"2026-05-01T10:00:00Z"})"),
            std::string::npos)
      << out;
}

TEST(EventShapeTest, WithoutAPlaceTheCulpritIsEmpty) {
  EXPECT_NE(Detail(R"({"message":"hi"})").find(R"("culprit":"")"), std::string::npos);
}

TEST(EventShapeTest, ReleasesAreShownShort) {
  std::string out;
  JsonWriter json(out);
  WriteRelease({4, "web@1.2", *ParseTimestamp("2026-05-01")}, json);
  EXPECT_TRUE(out.starts_with(R"({"id":4,"version":"web@1.2","shortVersion":"1.2")")) << out;
}

}  // namespace
}  // namespace mishap
