// base/ids.h: the forms of a 128-bit id, and issue ids that JavaScript can hold.
#include "base/ids.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(Id128, ReadsEveryFormClientsSend) {
  const std::string plain = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  for (const char* form :
       {"0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
        "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}",
        "urn:uuid:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"}) {
    auto id = ParseId128<EventId>(form);
    ASSERT_TRUE(id) << form;
    EXPECT_EQ(ToHex(*id), plain);
  }
}

TEST(Id128, RefusesEverythingElse) {
  for (const char* form :
       {"", "../../etc/passwd", "0a1b", "0a1b2c3d4e5f60718293a4b5c6d7e8f",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9a", "0a1b2c3d4e5f60718293a4b5c6d7e8g9"}) {
    EXPECT_FALSE(ParseId128<EventId>(form)) << form;
  }
}

TEST(IssueId, FitsIntoAJavaScriptNumber) {
  IssueId greatest = MakeIssueId(ProjectId{kProjectIdMax}, kIssuesPerProject - 1);
  EXPECT_LT(greatest.value, std::int64_t{1} << 53);
  EXPECT_EQ(ProjectOf(greatest).value, kProjectIdMax);
  EXPECT_EQ(ShortNumberOf(greatest), kIssuesPerProject - 1);
}

}  // namespace
}  // namespace mishap
