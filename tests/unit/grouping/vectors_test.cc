// Every vector of the specification (vectors.json) against the normalisers of g1.
#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "grouping/g1/collapse.h"
#include "grouping/g1/file_key.h"
#include "grouping/g1/function_name.h"
#include "grouping/g1/module_name.h"
#include "grouping/g1/parameterise.h"
#include "grouping/g1/statement.h"

namespace mishap::g1 {
namespace {

const boost::json::array& Vectors(const char* name) {
  static const boost::json::value kAll = [] {
    std::ifstream file("tests/unit/grouping/vectors.json");
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    return boost::json::parse(text);
  }();
  return kAll.as_object().at(name).as_array();
}

std::string Text(const boost::json::value& vector, const char* name) {
  return std::string(vector.as_object().at(name).as_string());
}

TEST(Vectors, Functions) {
  const auto& vectors = Vectors("function");
  ASSERT_EQ(vectors.size(), 69U);
  for (const auto& v : vectors) {
    const Platform platform = PlatformOf(Text(v, "platform"), "");
    EXPECT_EQ(NormalizeFunction(platform, Text(v, "in")).text, Text(v, "out"))
        << Text(v, "platform") << ": " << Text(v, "in");
  }
}

TEST(Vectors, Files) {
  const auto& vectors = Vectors("file");
  ASSERT_EQ(vectors.size(), 18U);
  for (const auto& v : vectors) {
    const std::string in = Text(v, "in");
    EXPECT_EQ(MakeFileKey(PlatformOf(Text(v, "platform"), ""), in, IsUrl(in)).key, Text(v, "out"))
        << in;
  }
}

TEST(Vectors, JavaModules) {
  const auto& vectors = Vectors("java_module");
  ASSERT_EQ(vectors.size(), 12U);
  for (const auto& v : vectors) EXPECT_EQ(JavaModule(Text(v, "in")), Text(v, "out"));
}

TEST(Vectors, Messages) {
  const auto& vectors = Vectors("message");
  ASSERT_EQ(vectors.size(), 51U);
  for (const auto& v : vectors) EXPECT_EQ(Parameterise(Text(v, "in")), Text(v, "out"));
}

TEST(Vectors, Collapse) {
  for (const auto& v : Vectors("collapse")) {
    std::vector<std::string> in;
    for (const auto& key : v.as_object().at("in").as_array()) in.emplace_back(key.as_string());
    std::vector<std::string> out;
    for (const auto& key : v.as_object().at("out").as_array()) out.emplace_back(key.as_string());
    EXPECT_EQ(CollapsedKeys(in), out);
  }
}

TEST(Vectors, Statements) {
  for (const auto& v : Vectors("statement")) {
    EXPECT_EQ(StatementSignature(Text(v, "in")), Text(v, "out"));
  }
}

}  // namespace
}  // namespace mishap::g1
