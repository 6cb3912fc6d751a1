// Routes of the server itself. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/stream/resources.h"

namespace mishap {

std::vector<Route> StreamRoutes() {
  return {
      {"GET", "mishap/organizations/{o}/stream/", "event:read", &StreamChangedIssues},
      {"GET", "mishap/organizations/{o}/health/", "org:read", &GetServerHealth},
  };
}

}  // namespace mishap
