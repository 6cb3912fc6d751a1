// Who an issue can be given to, found by the words clients use (web-api 2.5).
#pragma once

#include <optional>
#include <string_view>

#include "storage/triage/issue_change.h"

namespace mishap {

// "user:1", "1", "me", a user's name or e-mail; "team:3", "#team-slug". nullopt: nobody of this
// organization, or not somebody who can have issues of all the scope's projects.
Result<std::optional<Assignee>> FindAssignee(Session& session, const Scope& scope,
                                             std::string_view text);

}  // namespace mishap
