// An issue as the API shows it (web-api 2.3), and its activity. Pure: everything comes in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/issue/list_parts.h"
#include "base/json_writer.h"
#include "storage/read_issues.h"
#include "storage/read_projects.h"
#include "storage/read_tags.h"
#include "storage/triage/triage_facts.h"

namespace mishap {

// [[unix seconds, events], ...]: every bucket of a window, also the empty ones.
using StatsSeries = std::vector<std::pair<std::int64_t, std::int64_t>>;
StatsSeries MakeSeries(Timestamp start, Timestamp end, std::int64_t bucket_s,
                       const std::vector<IssueBucket>& buckets, IssueId issue);
void WriteSeries(const StatsSeries& series, JsonWriter& json);

struct IssueView {
  const IssueRow& issue;
  const ProjectRow& project;
  std::string organization_url;  // "https://host/organizations/acme"
  std::int64_t count = 0;        // events in the window asked for
  std::vector<std::pair<std::string, StatsSeries>> stats;
  std::string matching_event;  // direct hits: the event's id and environment
  std::string matching_environment;
  const TriageFacts* triage = nullptr;  // null: nobody has done anything
  IssueParts parts = {};
  std::optional<std::int64_t> users = {};  // in the window asked for; absent: over all time
  bool latest_has_attachments = false;
};

std::string_view StatusName(IssueStatus status);
std::string_view SubstatusName(IssueSubstatus substatus);  // empty for none
std::string_view PriorityName(IssuePriority priority);
std::string_view LevelText(int level);

// Inside an object: what list and detail share.
void WriteIssueFields(const IssueView& view, JsonWriter& json);
// A whole object of a list.
void WriteListedIssue(const IssueView& view, JsonWriter& json);

// The counts alone.
void WriteIssueStats(const IssueView& view, JsonWriter& json);

struct IssueExtras {
  std::vector<ActivityRow> activity;  // newest first
  std::optional<ReleaseRow> first_release;
  std::optional<ReleaseRow> last_release;
  std::vector<TagKeyRow> tags;
  std::vector<IssueViewer> viewers;
  std::vector<PersonRow> participants;
  std::int64_t user_reports = 0;
};
void WriteIssueDetail(const IssueView& view, const IssueExtras& extras, JsonWriter& json);
// The array, newest first; the issue's first sighting is always the last element.
void WriteActivity(const IssueRow& issue, const std::vector<ActivityRow>& activity,
                   JsonWriter& json);
void WriteActivityRow(const ActivityRow& row, JsonWriter& json);
void WriteTagValue(const TagValueRow& value, JsonWriter& json);
void WriteTagKey(const TagKeyRow& tag, bool with_top, JsonWriter& json);

}  // namespace mishap
