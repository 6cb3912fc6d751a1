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

// Every scope the API knows (web-api 0.8).
inline std::vector<std::string> AllScopes() {
  return {"org:read",
          "org:write",
          "org:admin",
          "org:integrations",
          "org:ci",
          "member:read",
          "member:write",
          "member:admin",
          "member:invite",
          "team:read",
          "team:write",
          "team:admin",
          "project:read",
          "project:write",
          "project:admin",
          "project:releases",
          "project:distribution",
          "event:read",
          "event:write",
          "event:admin",
          "alerts:read",
          "alerts:write"};
}

}  // namespace mishap
