#include "api/explore/event_set.h"

#include <algorithm>

namespace mishap {
namespace {

constexpr std::string_view kEventSets[] = {"errors", "discover", "issuePlatform"};
constexpr std::string_view kOtherSets[] = {"logs",          "ourlogs",           "spans",
                                           "spansIndexed",  "spansMetrics",      "transactions",
                                           "metrics",       "metricsEnhanced",   "replays",
                                           "profiles",      "profile_functions", "tracemetrics",
                                           "uptimeResults", "uptime_results"};

bool IsAmong(std::string_view name, const std::string_view* begin, const std::string_view* end) {
  return std::find(begin, end, name) != end;
}

}  // namespace

Result<DataSet> DataSetOf(std::string_view name) {
  if (name.empty()) return DataSet{"errors", true};
  if (IsAmong(name, std::begin(kEventSets), std::end(kEventSets))) {
    return DataSet{std::string(name), true};
  }
  if (IsAmong(name, std::begin(kOtherSets), std::end(kOtherSets))) {
    return DataSet{std::string(name), false};
  }
  return Fail(Reason::kInvalidArgument,
              "dataset must be one of: errors, discover, issuePlatform, logs, spans, transactions");
}

}  // namespace mishap
