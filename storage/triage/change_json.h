// An IssueChange as JSON and back: what waits in control.bulk_change for the job. Inside storage
// only.
#pragma once

#include <string>

#include "storage/pqxx_session.h"
#include "storage/triage/issue_change.h"

namespace mishap {

std::string WriteIssueChangeJson(const IssueChange& change);
// row: of bulk_next, with the members of the JSON as columns.
IssueChange IssueChangeOf(const pqxx::row& row);

}  // namespace mishap
