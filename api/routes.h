// The table of all routes: method, path, the permissions of which one is needed, and the resource.
// Each subject has its own part in api/<subject>/routes.cc, with its description in
// api/<subject>/openapi.json; Routes() collects them. docs/HACKING.md, "Adding a route".
#pragma once

#include <string_view>
#include <vector>

#include "api/call.h"

namespace mishap {

struct Route {
  std::string_view method;
  // Relative to /api/0/. Patterns that begin with "issues/{i}/" are served below
  // "organizations/{o}/" too.
  std::string_view pattern;
  // api/route_permissions.h: alternatives separated by '|'; "" = any token; "-" = no credentials
  // needed; a leading '!' = only people who are signed in, no token.
  std::string_view permissions;
  Answer (*run)(ApiCall& call);
};

// All parts. Among patterns that fit a path the first in this order wins.
const std::vector<Route>& Routes();

// openapi/
Answer GetOpenApi(ApiCall& call);

std::vector<Route> AccountRoutes();
std::vector<Route> ProjectRoutes();
std::vector<Route> SearchRoutes();
std::vector<Route> EventRoutes();
std::vector<Route> IssueRoutes();
std::vector<Route> TriageRoutes();
std::vector<Route> StreamRoutes();
std::vector<Route> ReleaseRoutes();
std::vector<Route> GroupingRoutes();
std::vector<Route> RecordRoutes();
std::vector<Route> ExploreRoutes();

}  // namespace mishap
