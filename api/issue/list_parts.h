// Which parts of an issue a list shows: `expand` adds, `collapse` leaves out (web-api 2.3). Names
// nobody knows are passed over.
#pragma once

#include "api/query_params.h"

namespace mishap {

struct IssueParts {
  // Left out by collapse.
  bool stats = true;  // with count, userCount, firstSeen, lastSeen
  bool lifetime = true;
  bool filtered = true;
  bool unhandled = true;
  // Added by expand.
  bool inbox = false;
  bool owners = false;
  bool sessions = false;
  bool attachments = false;  // of the latest event
  bool integration_issues = false;
  bool sentry_app_issues = false;
};

IssueParts PartsWanted(const QueryParams& query);

}  // namespace mishap
