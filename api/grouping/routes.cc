// Routes of what an issue is made of, and why. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> GroupingRoutes() {
  return {
      {"GET", "issues/{i}/hashes/", "event:read", &ListIssueHashes},
      {"GET", "mishap/organizations/{o}/issues/{i}/explanation/", "event:read",
       &GetIssueExplanation},
      {"GET", "mishap/organizations/{o}/issues/{i}/explanation/{h}/", "event:read",
       &GetHashExplanation},
  };
}

}  // namespace mishap
