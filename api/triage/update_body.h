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

struct CommitName {
  std::string repository;
  std::string commit;
};

// What is absent stays as it is.
struct IssueUpdate {
  std::optional<IssueStatus> status;
  IssueSubstatus substatus = IssueSubstatus::kNone;
  bool in_next_release = false;
  bool needs_release = false;  // statusDetails said inNextRelease: refused where no release exists
  std::optional<std::string> in_release;  // a version or "latest"
  std::optional<CommitName> in_commit;
  IgnoreCondition ignore;
  std::optional<std::string> assigned_to;  // empty: nobody
  std::optional<bool> seen;
  std::optional<IssuePriority> priority;
  std::optional<bool> bookmarked;
  std::optional<bool> subscribed;
  std::optional<bool> is_public;
  std::optional<bool> in_inbox;
  bool merge = false;
  bool discard = false;

  // Something besides merge and discard.
  bool ChangesFields() const {
    return status || assigned_to || seen || priority || bookmarked || subscribed || is_public ||
           in_inbox;
  }
};

// On failure the 400 answer, naming the field.
tl::expected<IssueUpdate, HttpMessageResponse> ParseIssueUpdate(std::string_view body);

}  // namespace mishap
