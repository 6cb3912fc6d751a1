// What a project groups its events by, as people set it: algorithm, rules and options, in versions.
// Plain texts; compiled by grouping/grouping_version.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"

namespace mishap {

struct GroupingSetup {
  std::int32_t version = 0;      // counts from 1 within a project; 0: never changed
  std::string algorithm = "g1";  // Id() of a GroupingAlgorithm
  std::string stack_trace_rules;
  std::string fingerprint_rules;
  std::string options;  // lines "name = value"

  bool operator==(const GroupingSetup&) const = default;
};

struct ProjectGrouping {
  GroupingSetup current;
  // Tried for keys that are unknown, for events received before transition_until, so that a change
  // keeps issues whole (docs/grouping.md).
  std::optional<GroupingSetup> previous;
  Timestamp transition_until;

  bool operator==(const ProjectGrouping&) const = default;
};

}  // namespace mishap
