// The JSON body of an issue update (web-api 2.5), read into what it asks for. No HTTP routing, no
// database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "net/http.h"
#include "storage/read_issues.h"

namespace mishap {

struct IgnoreCondition {
  std::optional<std::int64_t> duration_min;
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> window_min;
  std::optional<std::int64_t> user_count;
  std::optional<std::int64_t> user_window_min;
  bool until_escalating = false;

  bool Any() const { return duration_min || count || user_count; }
};

struct IssueUpdate {
  std::optional<IssueStatus> status;  // absent: nothing to change
  IssueSubstatus substatus = IssueSubstatus::kNone;
  bool in_next_release = false;
  bool needs_release = false;  // statusDetails said inNextRelease: refused where no release exists
  std::optional<std::string> in_release;  // a version or "latest"
  IgnoreCondition ignore;
};

// On failure the 400 answer, naming the field.
tl::expected<IssueUpdate, HttpMessageResponse> ParseIssueUpdate(std::string_view body);

}  // namespace mishap
