// Issues, events, releases and projects as messages of mishap.v1 (proto/mishap/v1/resources.proto).
// Pure: everything comes in. Beside issue_shape.h and its kin, which write the same as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "event/event.h"
#include "storage/read_events.h"
#include "storage/read_issues.h"
#include "storage/read_projects.h"
#include "storage/release/release_rows.h"
#include "storage/triage/triage_facts.h"

namespace mishap {

// organization: its slug. public_url: without a trailing slash.
std::string IssueMessage(const IssueRow& issue, const ProjectRow& project, const TriageFacts& facts,
                         std::string_view organization, std::string_view public_url);

struct EventMessageParts {
  const StoredEventRow& row;
  std::string_view organization;
  std::string_view project;                   // slugs
  std::string event_json;                     // empty: left out
  std::optional<EventNeighbours> neighbours;  // absent: left out
};
std::string EventMessage(const Event& event, const EventMessageParts& parts);

std::string ReleaseMessage(const ReleaseDetail& release, std::string_view organization);

// settings_json: of storage; nullopt: left out.
std::string ProjectMessage(const ProjectRow& project, std::string_view organization,
                           const std::optional<std::string>& settings_json);

}  // namespace mishap
