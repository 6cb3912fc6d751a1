#include "api/issue/list_parts.h"

#include <algorithm>

namespace mishap {

IssueParts PartsWanted(const QueryParams& query) {
  auto names = [](const std::vector<std::string>& all) {
    return [&all](std::string_view name) {
      return std::find(all.begin(), all.end(), name) != all.end();
    };
  };
  const auto collapse = query.All("collapse");
  const auto expand = query.All("expand");
  const auto collapses = names(collapse);
  const auto expands = names(expand);
  IssueParts parts;
  parts.stats = !collapses("stats");
  parts.lifetime = !collapses("lifetime");
  parts.filtered = !collapses("filtered");
  parts.unhandled = !collapses("unhandled");
  parts.inbox = expands("inbox");
  parts.owners = expands("owners");
  parts.sessions = expands("sessions");
  parts.attachments = expands("latestEventHasAttachments");
  parts.integration_issues = expands("integrationIssues");
  parts.sentry_app_issues = expands("sentryAppIssues");
  return parts;
}

}  // namespace mishap
