// Routes of releases, commits, deploys, repositories. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> ReleaseRoutes() {
  return {
      {"GET", "organizations/{o}/repos/", "org:read", &EmptyList},
  };
}

}  // namespace mishap
