// Routes of what an issue is made of, and why. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/grouping/resources.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> GroupingRoutes() {
  return {
      {"GET", "issues/{i}/hashes/", "event:read", &ListIssueHashes},
      {"GET", "mishap/organizations/{o}/issues/{i}/explanation/", "event:read",
       &GetIssueExplanation},
      {"GET", "mishap/organizations/{o}/issues/{i}/explanation/{h}/", "event:read",
       &GetHashExplanation},
      {"PUT", "issues/{i}/hashes/", "event:write", &UnmergeIssueHashes},
      {"DELETE", "issues/{i}/hashes/", "event:write", &UnmergeIssueHashes},
      {"GET", "mishap/organizations/{o}/issues/{i}/split/", "event:read", &GetSplitOffers},
      {"POST", "mishap/organizations/{o}/issues/{i}/split/", "event:write", &PostSplit},
      {"POST", "mishap/organizations/{o}/issues/{i}/discard/", "event:admin", &PostDiscard},
      {"POST", "mishap/organizations/{o}/issues/{i}/release/", "event:write", &PostFloodRelease},
      {"GET", "mishap/projects/{o}/{p}/grouping-log/", "event:read", &ListGroupingLog},
      {"POST", "mishap/projects/{o}/{p}/grouping-log/{log}/undo/", "event:write", &PostUndo},
      {"GET", "mishap/projects/{o}/{p}/grouping/", "project:read", &GetGrouping},
      {"PUT", "mishap/projects/{o}/{p}/grouping/", "project:write", &PutGrouping},
      {"GET", "mishap/projects/{o}/{p}/grouping/versions/", "project:read", &ListGroupingVersions},
      {"POST", "mishap/projects/{o}/{p}/grouping/preview/", "project:read", &PostGroupingPreview},
      {"GET", "mishap/projects/{o}/{p}/events/{e}/explanation/", "event:read", &ExplainEvent},
      {"GET", "mishap/projects/{o}/{p}/events/{e}/difference/{other}/", "event:read",
       &CompareEvents},
      {"GET", "mishap/organizations/{o}/issues/{i}/similar/", "event:read", &ListSimilarIssues},
  };
}

}  // namespace mishap
