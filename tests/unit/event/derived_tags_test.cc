#include "event/derived_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/event_json.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Pair;

TEST(DerivedTagsTest, FromFieldsAndContexts) {
  auto event = EventReader().Read(
      R"({"level":"error","logger":"root","environment":"prod","release":"a@1","dist":"7",
    "transaction":"t","server_name":"web","request":{"url":"http://x/"},"user":{"id":"9","email":"a@b.c"},
    "contexts":{"browser":{"name":"Firefox","version":"128.0"},"os":{"name":"Debian","version":"12.11\n"},
      "runtime":{"name":"CPython"},"device":{"model":"X1","family":"X"},"trace":{"trace_id":"abc"},
      "replay":{"replay_id":"r"}},
    "exception":[{"mechanism":{"type":"flask","handled":false}}],"sdk":{"name":"sentry.python"}})");
  ASSERT_TRUE(event);
  EXPECT_THAT(
      DerivedTags(*event),
      ElementsAre(Pair("level", "error"), Pair("logger", "root"), Pair("environment", "prod"),
                  Pair("release", "a@1"), Pair("dist", "7"), Pair("transaction", "t"),
                  Pair("url", "http://x/"), Pair("server_name", "web"), Pair("user", "id:9"),
                  Pair("user.id", "9"), Pair("user.email", "a@b.c"),
                  Pair("browser", "Firefox 128.0"), Pair("browser.name", "Firefox"),
                  Pair("os", "Debian 12.11"), Pair("os.name", "Debian"), Pair("runtime", "CPython"),
                  Pair("runtime.name", "CPython"), Pair("device", "X1"), Pair("device.family", "X"),
                  Pair("trace", "abc"), Pair("replayId", "r"), Pair("mechanism", "flask"),
                  Pair("handled", "no"), Pair("sdk.name", "sentry.python")));
}

TEST(DerivedTagsTest, DerivedWinOverClientTags) {
  auto event = EventReader().Read(
      R"({"level":"error","tags":{"level":"lie","zone":"eu","server_name":"tag"}})");
  EXPECT_THAT(AllTags(*event),
              ElementsAre(Pair("level", "error"), Pair("server_name", "tag"), Pair("zone", "eu")));
}

TEST(DerivedTagsTest, NothingFromNothing) {
  EXPECT_TRUE(AllTags(Event{}).empty());
}

}  // namespace
}  // namespace mishap
