// Triage as the API shows it (web-api 2.3): the fields of an issue that people decide about, and
// the answer to a bulk update. Pure.
#pragma once

#include <vector>

#include "api/triage/update_body.h"
#include "base/json_writer.h"
#include "storage/triage/issue_change.h"
#include "storage/triage/triage_facts.h"

namespace mishap {

// {"inRelease": ...}, {"ignoreCount": ...}, {}: the value of statusDetails.
void WriteStatusDetails(const IssueRow& issue, const TriageFacts& facts, JsonWriter& json);
// Inside an issue: comments, assignee and the caller's own flags.
void WritePersonalFields(const TriageFacts& facts, JsonWriter& json);
// {"reason_details": ..., "date_added": ..., "reason": 0} or null.
void WriteInbox(const TriageFacts& facts, JsonWriter& json);
// {"status": "resolved", "statusDetails": {...}, ...}: only what the update changed. facts: of one
// of the issues.
void WriteIssueChange(const IssueUpdate& update, const IssueChange& change,
                      const TriageFacts& facts, JsonWriter& json);
void WritePerson(const PersonRow& person, JsonWriter& json);  // a user, or null

}  // namespace mishap
