// Exceptions, threads and frames.
#include <gmock/gmock.h>

#include "ingest/normalise_limits.h"
#include "tests/unit/ingest/normalise_harness.h"

namespace mishap {
namespace {

std::string Frames(int count, bool in_app) {
  std::string frames;
  for (int i = 0; i < count; ++i) {
    frames += R"({"function":"f)" + std::to_string(i) +
              R"(","pre_context":["p"],"vars":{"v":1},"in_app":)" + (in_app ? "true" : "false") +
              "},";
  }
  frames.pop_back();
  return frames;
}

Frame OneFrame(const std::string& members) {
  Event event =
      Normalized(R"({"exception":[{"type":"E","stacktrace":{"frames":[{)" + members + "}]}}]}");
  return event.exceptions.at(0).stacktrace->frames.at(0);
}

TEST(NormaliseStacksTest, FilesAndPaths) {
  struct Case {
    const char* members;
    const char* filename;
    const char* abs_path;
  };
  const Case cases[] = {
      {R"("filename":"https://h/a.js")", "/a.js", "https://h/a.js"},
      {R"("filename":"https://h/a.js?v=1#x")", "/a.js", "https://h/a.js?v=1#x"},
      {R"("filename":"https://h/")", "https://h/", "https://h/"},
      {R"("filename":"app:///a.js")", "app:///a.js", "app:///a.js"},
      {R"("filename":"a.py","abs_path":"/x/a.py")", "a.py", "/x/a.py"},
      {R"("abs_path":"/x/a.py")", "/x/a.py", "/x/a.py"},
      {R"("filename":"file:///x/a.js")", "/x/a.js", "file:///x/a.js"},
      {R"("filename":"node:internal/x")", "node:internal/x", "node:internal/x"},
      {R"("filename":"C:\\a\\b.cs")", "C:\\a\\b.cs", "C:\\a\\b.cs"},
  };
  for (const Case& c : cases) {
    Frame frame = OneFrame(c.members);
    EXPECT_EQ(frame.filename, c.filename) << c.members;
    EXPECT_EQ(frame.abs_path, c.abs_path) << c.members;
  }
  EXPECT_EQ(OneFrame(R"("function":"?","filename":"a")").function, "");
}

TEST(NormaliseStacksTest, NamesOfGroupingAreNotDotted) {
  std::string name(3000, 'n');
  Event event =
      Normalized(R"({"exception":[{"type":")" + name + R"(","module":")" + name +
                 R"(","stacktrace":{"frames":[{"function":")" + name + R"(","filename":")" + name +
                 R"(","module":")" + name + R"(","abs_path":")" + name + "\"}]}}]}");
  const Exception& exception = event.exceptions.at(0);
  const Frame& frame = exception.stacktrace->frames.at(0);
  for (const std::string* text : {&exception.type, &exception.module, &frame.function,
                                  &frame.filename, &frame.module, &frame.abs_path}) {
    EXPECT_EQ(*text, std::string(kNameBytesMax, 'n'));
  }
  std::string wide;
  for (int i = 0; i < 600; ++i) wide += "\xE2\x82\xAC";
  EXPECT_EQ(OneFrame("\"function\":\"" + wide + "\"").function.size(), 1023u) << "whole characters";
}

TEST(NormaliseStacksTest, LongStacksKeepTheYoungest) {
  Event event = Normalized(R"({"exception":[{"type":"E","stacktrace":{"frames":[)" +
                           Frames(300, false) + "]}}]}");
  const auto& frames = event.exceptions.at(0).stacktrace->frames;
  ASSERT_EQ(frames.size(), kFramesMax);
  EXPECT_EQ(frames.back().function, "f299");
  EXPECT_EQ(frames.front().function, "f50");
  EXPECT_EQ(event.meta.text,
            R"({"exception":{"values":{"0":{"stacktrace":{"frames":{"":{"len":300}}}}}}})");
  std::size_t with_context = 0;
  for (const Frame& frame : frames) with_context += !frame.pre_context.empty();
  EXPECT_EQ(with_context, kFramesWithContextMax);
  EXPECT_FALSE(frames.front().vars.empty());
  EXPECT_FALSE(frames.back().vars.empty());
  EXPECT_TRUE(frames[125].vars.empty());
}

TEST(NormaliseStacksTest, InAppFramesKeepTheirContext) {
  Event event = Normalized(R"({"stacktrace":{"frames":[)" + Frames(60, false) + "," +
                           Frames(30, true) + "," + Frames(60, false) + "]}}");
  std::size_t app = 0;
  std::size_t system = 0;
  for (const Frame& frame : event.stacktrace->frames) {
    (frame.in_app.value_or(false) ? app : system) += !frame.vars.empty();
  }
  EXPECT_EQ(app, 30u);
  EXPECT_EQ(system, kFramesWithContextMax - 30);
}

TEST(NormaliseStacksTest, TopLevelStackMovesIntoTheOnlyException) {
  Event event = Normalized(R"({"sentry.interfaces.Exception":{"type":"E"},
      "sentry.interfaces.Stacktrace":{"frames":[{"function":"f"}]}})");
  EXPECT_FALSE(event.stacktrace);
  EXPECT_EQ(event.exceptions.at(0).stacktrace->frames.at(0).function, "f");
  event = Normalized(
      R"({"exception":[{"type":"A"},{"type":"B"}],"stacktrace":{"frames":[{"function":"f"}]}})");
  EXPECT_TRUE(event.stacktrace);
  event = Normalized(R"({"message":"m","stacktrace":{"frames":[]}})");
  EXPECT_FALSE(event.stacktrace);
}

TEST(NormaliseStacksTest, TypesInsideTexts) {
  auto exception = [](const std::string& members) {
    return Normalized("{\"exception\":[{" + members + "}]}").exceptions.at(0);
  };
  EXPECT_EQ(exception(R"("value":"TypeError: x is not a function")").type, "TypeError");
  EXPECT_EQ(exception(R"("value":"TypeError: x is not a function")").value, "x is not a function");
  EXPECT_EQ(exception(R"("value":"http://x")").type, "");
  EXPECT_EQ(exception(R"("type":"E","value":"A: b")").value, "A: b");
  EXPECT_EQ(exception(R"("mechanism":{"handled":false})").mechanism->type, "generic");
}

TEST(NormaliseStacksTest, ManyExceptionsKeepBothEnds) {
  std::string json = R"({"exception":[)";
  for (int i = 0; i < 200; ++i) json += R"({"type":"E)" + std::to_string(i) + "\"},";
  json.back() = ']';
  Event event = Normalized(json + "}");
  ASSERT_EQ(event.exceptions.size(), kExceptionsMax);
  EXPECT_EQ(event.exceptions[24].type, "E24");
  EXPECT_EQ(event.exceptions[25].type, "E175");
}

TEST(NormaliseStacksTest, VariablesHaveABag) {
  std::string vars;
  for (int i = 0; i < 300; ++i)
    vars += "\"v" + std::to_string(i) + "\":\"" + std::string(50, 'x') + "\",";
  vars.pop_back();
  Frame frame = OneFrame("\"vars\":{" + vars + "}");
  EXPECT_LE(frame.vars.text.size(), kMediumBag.bytes_max);
  EXPECT_GT(frame.vars.text.size(), kMediumBag.bytes_max - 100);
  std::string line(1000, 'c');
  EXPECT_EQ(OneFrame("\"context_line\":\"" + line + "\"").context_line.size(), 512u);
}

}  // namespace
}  // namespace mishap
