// Routes of queries over events, and of monitors. Described in openapi.json beside this file.
#include "api/routes.h"

#include "api/explore/resources.h"

namespace mishap {

std::vector<Route> ExploreRoutes() {
  return {
      {"GET", "organizations/{o}/events/", "event:read", &ListEventTable},
      {"GET", "organizations/{o}/events/validate/", "event:read", &ValidateEventQuery},
      {"GET", "organizations/{o}/events-stats/", "event:read", &GetEventStats},
      {"GET", "organizations/{o}/events-timeseries/", "event:read", &GetEventTimeSeries},
      // What tools ask for and Mishap has none of.
      {"GET", "organizations/{o}/workflows/", "alerts:read|org:read", &EmptyList},
      {"GET", "organizations/{o}/detectors/", "alerts:read|org:read", &EmptyList},
      {"GET", "organizations/{o}/alert-rules/", "alerts:read|org:read", &EmptyList},
      {"GET", "organizations/{o}/combined-rules/", "alerts:read|org:read", &EmptyList},
      {"GET", "organizations/{o}/dashboards/", "org:read", &EmptyList},
      {"GET", "organizations/{o}/monitors/", "alerts:read|org:read|project:read", &ListMonitors},
      {"GET", "organizations/{o}/monitors/{monitor}/", "alerts:read|org:read|project:read",
       &GetMonitor},
      {"GET", "organizations/{o}/monitors/{monitor}/checkins/", "alerts:read|org:read|project:read",
       &ListCheckInsOfMonitor},
      {"GET", "organizations/{o}/monitors/{monitor}/stats/", "alerts:read|org:read|project:read",
       &GetMonitorStats},
  };
}

}  // namespace mishap
