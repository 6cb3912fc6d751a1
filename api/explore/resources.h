// The resources of queries over events, and of monitors (api/explore/routes.cc).
#pragma once

#include "api/resources.h"

namespace mishap {

// event_table_resource.cc
Answer ListEventTable(ApiCall& call);
// series_resource.cc
Answer GetEventStats(ApiCall& call);
Answer GetEventTimeSeries(ApiCall& call);
// validate_resource.cc
Answer ValidateEventQuery(ApiCall& call);
// monitor_resource.cc
Answer ListMonitors(ApiCall& call);
Answer GetMonitor(ApiCall& call);
Answer ListCheckInsOfMonitor(ApiCall& call);
Answer GetMonitorStats(ApiCall& call);

}  // namespace mishap
