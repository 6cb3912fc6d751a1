// Triage: what people do to issues. Changes state and writes the activity, in one transaction with
// row locks in id order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/read_issues.h"

namespace mishap {

struct IssueChange {
  IssueStatus status = IssueStatus::kUnresolved;
  // kNone for unresolved: chosen per issue (new, ongoing or regressed, web-api 2.6).
  IssueSubstatus substatus = IssueSubstatus::kNone;
  std::string status_details = "{}";  // JSON object, stored and shown
  std::string activity;               // kind of the activity row
  std::string activity_details = "{}";
  bool always = false;     // also issues that are in this status already (details were given)
  bool is_single = false;  // one issue was named: a resolved one becomes regressed, not ongoing
  Timestamp now;
};

// ids: merged ones are not followed. Those outside the scope, unknown, deleted or merged are passed
// over. Returns the issues that fit, changed or not.
Result<std::vector<IssueId>> ChangeIssues(Session& session, const Scope& scope,
                                          const std::vector<IssueId>& ids,
                                          const IssueChange& change);

}  // namespace mishap
