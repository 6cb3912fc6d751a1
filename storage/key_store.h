// Project keys: the public part of a DSN, with its rate limit (schema control). Every change raises
// control.directory_version in the same transaction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

struct ProjectKey {
  KeyId id;
  ProjectId project;
  std::string public_key;  // 32 lower-case hex digits
  std::string secret_key;  // only old SDKs send it; never checked
  std::string name;
  bool active = true;
  std::int64_t rate_limit_count = 0;     // events per window, 0 = unlimited
  std::int64_t rate_limit_window_s = 0;  // seconds
  Timestamp created_at;
};

// Errors: invalid_argument (no such project).
Result<ProjectKey> CreateKey(Session& session, Random& random, ProjectId project,
                             std::string_view name);
Result<std::vector<ProjectKey>> ListKeys(Session& session, ProjectId project);  // oldest first
// By public key, within one project. Errors: not_found.
Result<ProjectKey> FindKey(Session& session, ProjectId project, std::string_view public_key);
// A revoked key stays, inactive. Errors: not_found.
Status SetKeyActive(Session& session, ProjectId project, std::string_view public_key, bool active);
Status RevokeKey(Session& session, ProjectId project, std::string_view public_key);
// count 0: unlimited. Errors: not_found, invalid_argument (negative, or a count without a window).
Status SetKeyRateLimit(Session& session, ProjectId project, std::string_view public_key,
                       std::int64_t count, std::int64_t window_s);

}  // namespace mishap
