#include "server/grpc/issue_lookup.h"

#include <algorithm>

#include "api/short_id.h"
#include "storage/read_events.h"

namespace mishap {

IssueLookup LookUpIssues(Session& session) {
  return [&session](ProjectId project,
                    const std::vector<EventId>& events) -> Result<std::vector<std::string>> {
    // The door has admitted the caller to this one project.
    const Scope scope(OrganizationId{}, "", UserId{}, {project}, {});
    auto found = ReadIssuesOfEvents(session, scope, events);
    if (!found) return Fail(found.error());
    std::vector<std::string> ids(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      auto it = std::find_if(found->begin(), found->end(),
                             [&](const IssueOfEvent& row) { return row.event == events[i]; });
      if (it != found->end()) ids[i] = FormatShortId(it->project_slug, ShortNumberOf(it->issue));
    }
    return ids;
  };
}

}  // namespace mishap
