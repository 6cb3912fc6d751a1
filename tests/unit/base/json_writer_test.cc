// base/json_writer.h: commas, escapes, and text that PostgreSQL can keep.
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace mishap {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject()
      .Field("a", 1)
      .Key("b")
      .BeginArray()
      .Int(1)
      .BeginObject()
      .EndObject()
      .Null()
      .EndArray();
  json.Field("c", true).Key("d").Raw("{\"x\":1}").Key("e").Raw("").EndObject();
  EXPECT_EQ(out, R"({"a":1,"b":[1,{},null],"c":true,"d":{"x":1},"e":null})");
}

TEST(JsonWriter, EscapesAndRepairs) {
  std::string out;
  AppendJsonString(out, std::string_view("\"\\\n\t\x01\0\xFF/ä", 10));
  EXPECT_EQ(out, "\"\\\"\\\\\\n\\t\\u0001\uFFFD\uFFFD/ä\"");
}

TEST(JsonWriter, NumbersAreShortestAndFinite) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray().Double(0.1).Double(std::numeric_limits<double>::infinity()).Int(-5).EndArray();
  EXPECT_EQ(out, "[0.1,null,-5]");
}

}  // namespace
}  // namespace mishap
