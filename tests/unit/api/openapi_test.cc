#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "api/openapi/document.h"
#include "api/openapi/type_text.h"

namespace mishap {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(OpenApiTest, TableAndDescriptionsAgree) {
  EXPECT_THAT(OpenApi().problems, IsEmpty());
}

TEST(OpenApiTest, EveryRouteStandsInTheDocument) {
  auto document = json::parse(OpenApi().json).as_object();
  EXPECT_EQ(document["openapi"].as_string(), "3.1.0");
  auto& paths = document["paths"].as_object();
  std::size_t operations = 0;
  for (const auto& path : paths) operations += path.value().as_object().size();
  std::set<std::pair<std::string, std::string>> routes;
  for (const auto& route : Routes()) {
    routes.emplace(route.method, route.pattern);
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c | 0x20);
    auto path = "/api/0/" + std::string(route.pattern);
    ASSERT_TRUE(paths.contains(path)) << path;
    EXPECT_TRUE(paths[path].as_object().contains(method)) << method << " " << path;
  }
  EXPECT_EQ(operations, routes.size());
  EXPECT_EQ(routes.size(), Routes().size()) << "a route stands twice in the table";
}

const ApiDescription kFrame{"frame", R"({"frame":{"openapi":"3.1.0"}})"};

std::vector<std::string> ProblemsWith(std::string_view text) {
  std::vector<Route> routes = {{"GET", "things/{t}/", "org:read|org:ci", nullptr}};
  return ComposeOpenApi(routes, {kFrame, {"things", text}}).problems;
}

constexpr std::string_view kGood = R"({
  "operations": {"GET things/{t}/": {"id": "getThing", "says": "One thing.", "answers": {"200": "Thing"}}},
  "types": {"Thing": {"id": "id", "name?": "string|null"}},
  "path": {"t": "string"}})";

TEST(OpenApiTest, ADescriptionBecomesAnOperation) {
  EXPECT_THAT(ProblemsWith(kGood), IsEmpty());
  std::vector<Route> routes = {{"GET", "things/{t}/", "org:read|org:ci", nullptr}};
  auto document = json::parse(ComposeOpenApi(routes, {kFrame, {"things", kGood}}).json);
  const auto& operation = document.at("paths").at("/api/0/things/{t}/").at("get");
  EXPECT_EQ(json::serialize(operation.at("x-required-scopes")), R"(["org:read","org:ci"])");
  EXPECT_EQ(operation.at("parameters").at(0).at("name").as_string(), "t");
  const auto& thing = document.at("components").at("schemas").at("Thing");
  EXPECT_EQ(json::serialize(thing.at("required")), R"(["id"])");
}

TEST(OpenApiTest, WhatDiffersIsNamed) {
  EXPECT_THAT(ProblemsWith("{}"), ElementsAre(HasSubstr("describes GET things/{t}/")));
  EXPECT_THAT(ProblemsWith("[1"), testing::Contains(HasSubstr("no JSON object")));
  auto changed = [](std::string_view from, std::string_view to) {
    std::string text(kGood);
    text.replace(text.find(from), from.size(), to);
    return ProblemsWith(text);
  };
  EXPECT_THAT(
      changed("GET things", "PUT things"),
      ElementsAre(HasSubstr("describes GET things/{t}/"), HasSubstr("a route that is not")));
  EXPECT_THAT(changed("\"Thing\"}", "\"Thin\"}"), ElementsAre(HasSubstr("called 'Thin'")));
  EXPECT_THAT(changed("\"t\": ", "\"u\": "), ElementsAre(HasSubstr("says nothing about {t}")));
  EXPECT_THAT(changed("\"One thing.\"", "\"\""), ElementsAre(HasSubstr("'says' is missing")));
  EXPECT_THAT(changed("{\"200\": \"Thing\"}", "{}"),
              ElementsAre(HasSubstr("'answers' is missing")));
  EXPECT_THAT(changed("\"path\"", "\"paths\""), testing::Contains(HasSubstr("no section 'paths'")));
}

std::string SchemaText(std::string_view type) {
  TypeReader types([](std::string_view name) { return name == "Issue"; });
  return json::serialize(types.Schema(json::value(type)));
}

TEST(OpenApiTest, TypeTexts) {
  EXPECT_EQ(SchemaText("int"), R"({"type":"integer"})");
  EXPECT_EQ(SchemaText("[Issue]"),
            R"({"type":"array","items":{"$ref":"#/components/schemas/Issue"}})");
  EXPECT_EQ(SchemaText("string|null"), R"({"anyOf":[{"type":"string"},{"type":"null"}]})");
  EXPECT_EQ(SchemaText("'a'|'b|c'|null"), R"({"enum":["a","b|c",null]})");
  EXPECT_EQ(
      SchemaText("{[int]}"),
      R"({"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"}}})");
  EXPECT_EQ(SchemaText("[string|null]"),
            R"({"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]}})");
}

}  // namespace
}  // namespace mishap
