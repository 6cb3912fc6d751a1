#include "proto/wire.h"

#include <gtest/gtest.h>

#include <vector>

#include "proto/descriptors.h"

namespace mishap {
namespace {

std::vector<ProtoField> FieldsOf(std::string_view message, bool& broken) {
  std::vector<ProtoField> fields;
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) fields.push_back(field);
  broken = reader.Broken();
  return fields;
}

TEST(ProtoWire, ReadsWhatItWrites) {
  std::string message;
  ProtoWriter(message).Text(1, "hello").Int(2, 300).Int(3, -1).Bool(4, true).Double(5, 0.5);
  bool broken = true;
  auto fields = FieldsOf(message, broken);
  ASSERT_EQ(fields.size(), 5u);
  EXPECT_FALSE(broken);
  EXPECT_EQ(fields[0].bytes, "hello");
  EXPECT_EQ(fields[1].value, 300u);
  EXPECT_EQ(fields[2].Signed(), -1);
  EXPECT_EQ(fields[3].value, 1u);
  EXPECT_EQ(fields[4].value, 0x3FE0000000000000u);
}

TEST(ProtoWire, ZeroesAreLeftOutButEmptyMessagesAreNot) {
  std::string message;
  ProtoWriter(message).Text(1, "").Int(2, 0).Bool(3, false).Double(4, 0);
  EXPECT_EQ(message, "");
  ProtoWriter(message).Message(5, "");
  EXPECT_EQ(message, std::string("\x2A\x00", 2));
}

TEST(ProtoWire, EveryTruncationIsBroken) {
  std::string message;
  ProtoWriter(message).Text(1, "hello").Double(2, 1.5).Int(3, 1 << 20);
  const std::vector<std::size_t> whole = {7, 16, message.size()};  // after each field
  for (std::size_t size = 1; size < message.size(); ++size) {
    bool broken = false;
    auto fields = FieldsOf(std::string_view(message).substr(0, size), broken);
    const bool at_border = size == whole[0] || size == whole[1];
    EXPECT_EQ(broken, !at_border) << size;
    EXPECT_EQ(fields.size(), size >= whole[1] ? 2u : (size >= whole[0] ? 1u : 0u)) << size;
  }
}

TEST(ProtoWire, RefusesLengthsBeyondTheEndAndFieldZero) {
  for (std::string_view bad : {std::string_view("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11),
                               std::string_view("\x0A\x05hell", 6), std::string_view("\x00\x01", 2),
                               std::string_view("\x0E\x01", 2), std::string_view("\xFF\xFF", 2),
                               std::string_view("\x0C", 1)}) {
    bool broken = false;
    EXPECT_TRUE(FieldsOf(bad, broken).empty());
    EXPECT_TRUE(broken);
  }
}

TEST(ProtoWire, SkipsGroupsButNotForEver) {
  bool broken = true;
  // group 1 { 2: 7, group 3 {} }, then field 4 = 9
  auto fields = FieldsOf("\x0B\x10\x07\x1B\x1C\x0C\x20\x09", broken);
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_EQ(fields[0].number, 4u);
  EXPECT_FALSE(broken);
  FieldsOf(std::string(1'000'000, '\x0B'), broken);
  EXPECT_TRUE(broken);
}

TEST(ProtoWire, DescriptorsAreThere) {
  EXPECT_NE(ProtoDescriptors().find("mishap.v1"), std::string_view::npos);
  EXPECT_NE(ProtoDescriptors().find("google/protobuf/timestamp.proto"), std::string_view::npos);
  bool broken = true;
  EXPECT_GE(FieldsOf(ProtoDescriptors(), broken).size(), 4u);
  EXPECT_FALSE(broken);
}

}  // namespace
}  // namespace mishap
