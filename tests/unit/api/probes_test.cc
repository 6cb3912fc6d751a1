#include "api/probes.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

HttpMessageResponse Ask(std::string path, std::string query = "", std::string method = "GET") {
  HttpMessageRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query = std::move(query);
  ProbeSources sources{[] { return true; }, [] { return false; },
                       [] { return std::string(R"({"spool":"ok"})"); }};
  return AnswerProbe(request, sources);
}

TEST(ProbesTest, IngestDoesNotNeedTheDatabase) {
  EXPECT_EQ(Ask("/livez").status, 200);
  EXPECT_EQ(Ask("/readyz").status, 200);
  EXPECT_EQ(Ask("/readyz/", "role=ingest").status, 200);
  EXPECT_EQ(Ask("/readyz", "role=api").status, 503);
  EXPECT_EQ(Ask("/readyz", "role=x").status, 400);
  EXPECT_EQ(Ask("/healthz").body, R"({"spool":"ok"})");
  EXPECT_EQ(Ask("/livez", "", "POST").status, 405);
  EXPECT_EQ(Ask("/livezz").status, 404);
}

TEST(ProbesTest, NotAskedIsNotReady) {
  HttpMessageRequest request;
  request.method = "GET";
  request.path = "/readyz";
  EXPECT_EQ(AnswerProbe(request, {}).status, 503);
}

TEST(ProbesTest, MetricsAreText) {
  Metrics metrics;
  metrics.GetCounter("mishap_x_total", "x").Add(3);
  HttpMessageRequest request;
  request.method = "GET";
  request.path = "/metrics";
  auto response = AnswerMetrics(request, metrics);
  EXPECT_NE(response.body.find("mishap_x_total 3"), std::string::npos) << response.body;
  EXPECT_EQ(response.headers.front().second, "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace mishap
