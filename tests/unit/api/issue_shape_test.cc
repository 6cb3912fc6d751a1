#include "api/issue_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::Pair;

Timestamp At(std::string_view text) {
  return *ParseTimestamp(text);
}

TEST(StatsSeriesTest, HasEveryBucket) {
  std::vector<IssueBucket> buckets = {{{1}, At("2026-05-01T11:00:00Z"), 4},
                                      {{2}, At("2026-05-01T11:00:00Z"), 9}};
  auto begin = At("2026-05-01T10:00:00Z").micros / kMicrosPerSecond;
  EXPECT_THAT(
      MakeSeries(At("2026-05-01T10:30:00Z"), At("2026-05-01T12:10:00Z"), 3600, buckets, {1}),
      ElementsAre(Pair(begin, 0), Pair(begin + 3600, 4), Pair(begin + 7200, 0)));
}

TEST(IssueShapeTest, FieldsAsClientsInsistOn) {
  IssueRow issue;
  issue.id = {2'000'000'033};
  issue.project = {2};
  issue.status = IssueStatus::kResolved;
  issue.status_details = R"({"inRelease": "1.2"})";
  issue.title = "ValueError: boom";
  issue.metadata = R"({"type": "Value Error: \"a\", b"})";
  issue.type = "error";
  issue.first_seen = issue.last_seen = At("2026-05-01T10:00:00.123456Z");
  issue.times_seen = 7;
  ProjectRow project;
  project.id = {2};
  project.slug = "web";
  project.name = "Web";
  std::string out;
  JsonWriter json(out);
  WriteListedIssue({issue, project, "http://h/organizations/acme", 5, {}, {}, {}}, json);
  for (auto part :
       {R"("id":"2000000033")", R"("shortId":"WEB-11")", R"("count":"5")", R"("userCount":0)",
        R"("culprit":"")", R"("level":"error")",
        R"("permalink":"http://h/organizations/acme/issues/2000000033/")",
        R"("status":"resolved","statusDetails":{"inRelease":"1.2"},"substatus":null)",
        R"("firstSeen":"2026-05-01T10:00:00.123456Z")", R"("platform":"other")",
        R"("project":{"id":"2","name":"Web","slug":"web","platform":null})",
        R"("lifetime":{"count":"7")", R"("metadata":{"type":"Value Error: \"a\", b"})"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << "\n" << out;
  }
  EXPECT_EQ(out.find("matchingEventId"), std::string::npos);
}

TEST(IssueShapeTest, TheFirstSightingClosesTheActivity) {
  IssueRow issue;
  issue.first_seen = At("2026-05-01");
  std::string out;
  JsonWriter json(out);
  WriteActivity(issue, {{"ab", "set_resolved", "{}", At("2026-05-02"), 4, "Ann", "a@b.c"}}, json);
  EXPECT_LT(out.find("set_resolved"), out.find("first_seen"));
  EXPECT_NE(out.find(R"("username":"a@b.c")"), std::string::npos);
}

TEST(TagShapeTest, QueriesQuoteTheirValue) {
  std::string out;
  JsonWriter json(out);
  WriteTagValue({"k", "a \"b\"", 3, At("2026-05-01"), At("2026-05-02")}, json);
  EXPECT_NE(out.find(R"("query":"k:\"a \\\"b\\\"\"")"), std::string::npos) << out;
}

}  // namespace
}  // namespace mishap
