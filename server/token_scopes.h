// Which scopes a new token gets when nobody names any.
#pragma once

#include <string>
#include <vector>

namespace mishap {

// Reading everything, triaging issues.
inline std::vector<std::string> TriageScopes() {
  return {"org:read",  "project:read", "project:releases",
          "team:read", "member:read",  "event:write"};
}
// What the first owner may do.
inline std::vector<std::string> OwnerScopes() {
  return {"org:admin",    "project:admin", "project:releases", "team:admin",
          "member:admin", "event:admin",   "alerts:write"};
}

}  // namespace mishap
