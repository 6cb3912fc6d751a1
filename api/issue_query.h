// Which issues a list or a bulk update means: projects, environments, window, search and sort of
// one request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/call.h"
#include "api/pagination.h"
#include "api/time_window.h"

namespace mishap {

struct IssueQuery {
  Scope scope;  // narrowed to the selected projects
  std::vector<ProjectRow> projects;
  IssueFilter filter;
  IssueSort sort = IssueSort::kLastSeen;
  TimeWindow window;
  std::string search;  // as sent
};

// Errors: not_found, permission_denied, invalid_argument with the text of web-api 0.7, 2.4 and 3.5.
Result<IssueQuery> IssueQueryOfOrganization(const ApiCall& call);
// The same with another search than the request's `query`.
Result<IssueQuery> IssueQueryOfOrganization(const ApiCall& call, const std::string& search);
Result<IssueQuery> IssueQueryOfProject(const ApiCall& call);

// One page of the list; sort and paging of the request.
struct IssuePage {
  IssueList list;
  PageLinks links;
  bool is_first = false;
  int size = 0;  // what was asked for
};
// Errors: invalid_argument.
Result<IssuePage> LoadIssuePage(ApiCall& call, const IssueQuery& query);

// A search that is nothing but an event id or an existing short id.
struct DirectHit {
  IssueId issue;
  std::string event;  // 32 hex digits, or empty
  std::string environment;
};
Result<std::optional<DirectHit>> FindDirectHit(const ApiCall& call, const IssueQuery& query);

}  // namespace mishap
