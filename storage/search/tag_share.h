// A tag's values in an issue and in its whole project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct TagShareValue {
  std::string value;
  std::int64_t issue_count = 0;    // events over all time
  std::int64_t project_count = 0;  // the same of the project
};
struct TagShare {
  std::int64_t project_events = 0;
  std::vector<TagShareValue> values;  // the issue's most frequent first
};

// Errors: not_found when the issue has no such tag.
Result<TagShare> ReadTagShare(Session& session, const Scope& scope, IssueId issue,
                              const std::string& key, int limit);

}  // namespace mishap
