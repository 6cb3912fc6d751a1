// Routes of attachments and user reports. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> RecordRoutes() {
  return {
      {"GET", "issues/{i}/user-reports/", "event:read", &EmptyList},
      {"GET", "issues/{i}/attachments/", "event:read", &EmptyList},
  };
}

}  // namespace mishap
