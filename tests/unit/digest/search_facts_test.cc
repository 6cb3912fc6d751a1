#include "digest/search_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/event_json.h"

namespace mishap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Of(const char* json) {
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event);
  return MakeSearchFacts(*event, MakeTitle(*event, 0));
}

TEST(SearchFactsTest, OneLineAFactAndEachOnce) {
  auto facts = Of(R"({"exception":[{"type":"KeyError","value":"cause"},
    {"type":"ValueError","value":"Bad\nvalue","stacktrace":{"frames":[
      {"function":"main","filename":"app/main.py","module":"app.main","lineno":7,"in_app":true},
      {"function":"run","filename":"app/main.py","abs_path":"/srv/app/main.py","lineno":9,"colno":2,
       "in_app":true}]}}]})");
  for (const char* line :
       {"\nerror.type=KeyError\n", "\nerror.type=ValueError\n", "\nerror.value=Bad value\n",
        "\nmessage=cause\n", "\nstack.function=run\n", "\nstack.filename=app/main.py\n",
        "\nstack.module=app.main\n", "\nstack.abs_path=/srv/app/main.py\n", "\nstack.lineno=7\n",
        "\nstack.colno=2\n", "\nstack.in_app=true\n", "\nstack.stack_level=1\n"}) {
    EXPECT_THAT(facts, HasSubstr(line));
  }
  auto first = facts.find("\nstack.filename=app/main.py\n");
  EXPECT_EQ(facts.find("\nstack.filename=app/main.py\n", first + 1), std::string::npos);
  EXPECT_THAT(facts, testing::EndsWith("\n"));
}

TEST(SearchFactsTest, MessagesAndThreads) {
  auto facts = Of(R"({"logentry":{"message":"order %s failed","formatted":"order 7 failed"},
    "threads":[{"id":1,"main":true,"crashed":true,"stacktrace":{"frames":[{"function":"spin"}]}}]})");
  EXPECT_THAT(facts, HasSubstr("\nmessage=order 7 failed\nmessage=order %s failed\n"));
  EXPECT_THAT(facts, HasSubstr("\nerror.main_thread=true\n"));
  EXPECT_THAT(facts, HasSubstr("\nstack.function=spin\n"));
}

TEST(SearchFactsTest, NothingIsEmptyAndMuchIsCutAfterTheYoungestFrames) {
  EXPECT_EQ(Of("{}"), "");
  std::string frames;
  for (int i = 0; i < 2000; ++i) {
    frames += (i ? ",{\"function\":\"f" : "{\"function\":\"f") + std::to_string(i) + "\"}";
  }
  auto facts = Of(
      ("{\"exception\":[{\"type\":\"E\",\"stacktrace\":{\"frames\":[" + frames + "]}}]}").c_str());
  EXPECT_LE(facts.size(), kSearchFactsBytesMax);
  EXPECT_THAT(facts, StartsWith("\n"));
  EXPECT_THAT(facts, HasSubstr("stack.function=f1999\n"));
  EXPECT_THAT(facts, Not(HasSubstr("stack.function=f0\n")));
}

}  // namespace
}  // namespace mishap
