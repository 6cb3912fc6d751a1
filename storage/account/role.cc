#include "storage/account/role.h"

#include <algorithm>
#include <cctype>

namespace mishap {
namespace {

// Position in read < write < admin; -1 for scopes outside that ladder (event:tail, org:ci).
int LadderStep(std::string_view action) {
  if (action == "read") return 0;
  if (action == "write") return 1;
  if (action == "admin") return 2;
  return -1;
}

bool Implies(std::string_view held, std::string_view asked) {
  if (held == asked) return true;
  const std::size_t held_colon = held.find(':');
  const std::size_t asked_colon = asked.find(':');
  if (held_colon == std::string_view::npos || asked_colon == std::string_view::npos) return false;
  const std::string_view family = held.substr(0, held_colon);
  if (family != asked.substr(0, asked_colon)) return false;
  const int held_step = LadderStep(held.substr(held_colon + 1));
  const std::string_view action = asked.substr(asked_colon + 1);
  const int asked_step = LadderStep(action);
  if (held_step >= 0 && asked_step >= 0) return held_step >= asked_step;
  if (family == "org" && action == "integrations") return held_step == 2;
  if (family == "member" && action == "invite") return held_step >= 1;
  return false;
}

}  // namespace

int RoleRank(std::string_view role) {
  const auto* found = std::find(std::begin(kRoles), std::end(kRoles), role);
  return found == std::end(kRoles) ? -1 : static_cast<int>(found - std::begin(kRoles));
}

std::vector<std::string> ScopesOfRole(std::string_view role) {
  const int rank = RoleRank(role);
  if (rank < 0) return {};
  if (rank == 0) {
    return {"org:read", "project:read", "team:read", "member:read", "event:read", "alerts:read"};
  }
  std::vector<std::string> out = {"org:read",    "org:ci",           "team:read",
                                  "member:read", "project:releases", "project:distribution",
                                  "event:admin", "alerts:write"};
  if (rank == 1) out.emplace_back("project:read");
  if (rank >= 2) out.insert(out.end(), {"project:admin", "team:write"});
  if (rank >= 3)
    out.insert(out.end(), {"org:write", "org:integrations", "member:admin", "team:admin"});
  if (rank >= 4) out.emplace_back("org:admin");
  return out;
}

std::string RoleTitle(std::string_view role) {
  std::string out(role);
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

const std::vector<std::string>& AllScopes() {
  static const std::vector<std::string> kAll = {"org:read",
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
  return kAll;
}

bool IsAllowed(const std::vector<std::string>& held, std::string_view asked) {
  return std::any_of(held.begin(), held.end(),
                     [&](const std::string& scope) { return Implies(scope, asked); });
}

std::vector<std::string> Intersection(const std::vector<std::string>& a,
                                      const std::vector<std::string>& b) {
  std::vector<std::string> out;
  for (const auto& scope : a) {
    if (IsAllowed(b, scope)) out.push_back(scope);
  }
  for (const auto& scope : b) {
    if (IsAllowed(a, scope) && std::find(out.begin(), out.end(), scope) == out.end()) {
      out.push_back(scope);
    }
  }
  return out;
}

}  // namespace mishap
