#include "digest/search_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "digest/prepare.h"

namespace mishap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Event EventWithFrames(int frames) {
  Event event;
  Exception exception;
  exception.type = "ValueError";
  exception.value = "Bad Müll";
  exception.stacktrace.emplace();
  for (int i = 0; i < frames; ++i) {
    Frame frame;
    frame.function = "Function" + std::to_string(i);
    frame.filename = "app/File.py";
    exception.stacktrace->frames.push_back(frame);
  }
  event.exceptions.push_back(exception);
  return event;
}

TEST(SearchTextTest, HoldsTitleValueMessageAndFramesInLowerCase) {
  Event event = EventWithFrames(2);
  event.logentry.emplace();
  event.logentry->formatted = "Order 7 Failed";
  EXPECT_EQ(MakeSearchText(event, "ValueError: Bad", 0),
            "valueerror: bad\nvalueerror\nbad müll\norder 7 failed\nfunction1\napp/file.py\n"
            "function0");
}

TEST(SearchTextTest, IsBoundedKeepsTheYoungestFramesAndWholeCodePoints) {
  Event event = EventWithFrames(5000);
  const std::string text = MakeSearchText(event, std::string(3001, 'x') + "ü", 0);
  EXPECT_LE(text.size(), kSearchTextBytesMax);
  EXPECT_TRUE(IsUtf8(text));
  EXPECT_THAT(text, HasSubstr("function4999"));
  EXPECT_THAT(text, Not(HasSubstr("function0\n")));
  std::string wide;
  for (int i = 0; i < 9000; ++i) wide += "ü";
  EXPECT_TRUE(IsUtf8(MakeSearchText(Event{}, "x" + wide, 0)));
}

TEST(SearchTextTest, UsesTheMainException) {
  Event event = EventWithFrames(1);
  event.exceptions.push_back({});
  event.exceptions.back().type = "Wrapper";
  EXPECT_THAT(MakeSearchText(event, "t", 0), HasSubstr("function0"));
  EXPECT_EQ(MakeSearchText(event, "t", 1), "t\nwrapper");
}

TEST(UserHashTest, TheFirstIdentityCounts) {
  Event event;
  EXPECT_EQ(UserHash(event), std::nullopt);
  event.user.emplace();
  EXPECT_EQ(UserHash(event), std::nullopt);
  event.user->ip_address = "10.0.0.1";
  const auto by_ip = UserHash(event);
  event.user->email = "a@b.example";
  const auto by_email = UserHash(event);
  event.user->username = "ann";
  const auto by_username = UserHash(event);
  event.user->id = "10.0.0.1";
  const auto by_id = UserHash(event);
  EXPECT_TRUE(by_ip && by_email && by_username && by_id);
  EXPECT_EQ((std::set{*by_ip, *by_email, *by_username, *by_id}.size()), 4u);
  // Stored numbers: they must never change. XXH3-64 of "id:10.0.0.1".
  event.user->email.clear();
  EXPECT_EQ(UserHash(event), by_id);
}

}  // namespace
}  // namespace mishap
