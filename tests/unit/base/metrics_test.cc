// base/metrics.h: the text Prometheus reads.
#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::HasSubstr;

TEST(Metrics, TheSameNameAndLabelsAreTheSameCounter) {
  Metrics metrics;
  metrics.GetCounter("mishap_x_total", "X.", "outcome=\"accepted\"").Add(2);
  metrics.GetCounter("mishap_x_total", "X.", "outcome=\"accepted\"").Add();
  EXPECT_THAT(metrics.Exposition(),
              HasSubstr("# TYPE mishap_x_total counter\nmishap_x_total{outcome=\"accepted\"} 3\n"));
}

TEST(Metrics, HistogramsAreCumulative) {
  Metrics metrics;
  Histogram& histogram = metrics.GetHistogram("mishap_ack_duration_seconds", "Ack.");
  histogram.Observe(.0004);
  histogram.Observe(.003);
  histogram.Observe(100);
  std::string text = metrics.Exposition();
  EXPECT_THAT(text, HasSubstr("mishap_ack_duration_seconds_bucket{le=\"0.0005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mishap_ack_duration_seconds_bucket{le=\"0.005\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("mishap_ack_duration_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("mishap_ack_duration_seconds_count 3\n"));
}

TEST(Metrics, CallbacksAreReadWhenAsked) {
  Metrics metrics;
  double value = 1;
  metrics.AddCallback("mishap_lag", "Lag.", [&] { return value; });
  value = 2.5;
  EXPECT_THAT(metrics.Exposition(), HasSubstr("mishap_lag 2.5\n"));
}

}  // namespace
}  // namespace mishap
