// Tag roll-ups: which keys and values the events of an issue (or of whole projects) had.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct TagValueRow {
  std::string key;
  std::string value;
  std::int64_t count = 0;
  Timestamp first_seen;
  Timestamp last_seen;
};

struct TagKeyRow {
  std::string key;
  std::int64_t total = 0;   // events that had it
  std::int64_t unique = 0;  // values kept
  std::vector<TagValueRow> top;
};

// By key; `top_limit` values each, most frequent first. keys empty = all. issue absent = all issues
// of the scope.
Result<std::vector<TagKeyRow>> ReadTagKeys(Session& session, const Scope& scope,
                                           std::optional<IssueId> issue,
                                           const std::vector<std::string>& keys, int top_limit);

enum class TagValueSort { kLastSeen, kFirstSeen, kCount };
// contains: substring of the value, any case; empty: all.
Result<std::vector<TagValueRow>> ReadTagValues(Session& session, const Scope& scope,
                                               std::optional<IssueId> issue, const std::string& key,
                                               const std::string& contains, TagValueSort sort,
                                               bool ascending, int offset, int limit);

}  // namespace mishap
