#include "spool/inspect.h"

#include <gmock/gmock.h>

#include "tests/unit/spool/spool_fixture.h"

namespace mishap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using InspectTest = SpoolFixture;

TEST_F(InspectTest, ShowsSegmentsRecordsDamageAndQuarantine) {
  options.segment_bytes = 8192;
  const std::string id = ToHex(Open().Identity());
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(Put({std::string(1000, 'x')}));
  ASSERT_TRUE(spool->Append({{RecordType::kOutcomes, ProjectId{1}, "o"}}, {}));
  spool->WriteNextGroup();
  disk.Edit(SegmentPaths()[0], [](std::string& bytes) { bytes[kSegmentDataOffset + 50] ^= 1; });

  auto table = InspectSpool(disk, "disk/spool", false);
  ASSERT_TRUE(table);
  EXPECT_THAT(*table, HasSubstr(id));
  EXPECT_THAT(*table, HasSubstr("outcomes"));
  EXPECT_THAT(*table, HasSubstr("1030 bytes at offset 4160"));
  EXPECT_THAT(*table, HasSubstr("empty"));

  Open();
  auto json = InspectSpool(disk, "disk/spool", true);
  ASSERT_TRUE(json);
  EXPECT_THAT(*json, HasSubstr("\"spool_id\":\"" + id + "\",\"identity_file\":true"));
  EXPECT_THAT(*json, HasSubstr("\"records\":{\"event\":7,\"outcomes\":1}"));
  EXPECT_THAT(*json, HasSubstr("\"damage\":[{\"offset\":4160,\"bytes\":1030}]"));
  EXPECT_THAT(*json, HasSubstr("@4160+1030\",\"bytes\":1030}]}\n"));
}

TEST_F(InspectTest, ChangesNothing) {
  Open();
  ASSERT_TRUE(Put({"a"}));
  const std::string path = SegmentPaths()[0];
  disk.Edit(path, [](std::string& bytes) { bytes += "torn"; });
  disk.Erase("disk/spool/spool_id");
  auto table = InspectSpool(disk, "disk/spool", false);
  ASSERT_TRUE(table);
  EXPECT_THAT(*table, HasSubstr("4 bytes at the end"));
  EXPECT_THAT(*table, HasSubstr("from the segments"));
  EXPECT_THAT(disk.Contents(path), ::testing::EndsWith("torn"));
  EXPECT_FALSE(disk.Size("disk/spool/spool_id"));
}

TEST_F(InspectTest, NoDirectory) {
  EXPECT_EQ(InspectSpool(disk, "disk/nothing", false).error().reason, Reason::kNotFound);
}

}  // namespace
}  // namespace mishap
