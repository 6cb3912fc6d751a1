// Roles of an organization's members, and the scopes each has (web-api 0.8). A viewer is a member
// who only reads. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mishap {

// From the least to the most.
inline constexpr std::string_view kRoles[] = {"viewer", "member", "admin", "manager", "owner"};

// Position in kRoles; -1 for anything else.
int RoleRank(std::string_view role);
// Empty for an unknown role.
std::vector<std::string> ScopesOfRole(std::string_view role);
// "Member", ...
std::string RoleTitle(std::string_view role);
// Every scope the API knows (web-api 0.8).
const std::vector<std::string>& AllScopes();

// Whether somebody who holds `held` may do what asks for `asked` (admin includes write includes
// read; org:admin includes org:integrations, member:write member:invite).
bool IsAllowed(const std::vector<std::string>& held, std::string_view asked);
// What both allow: a token never opens more than its owner may do now.
std::vector<std::string> Intersection(const std::vector<std::string>& a,
                                      const std::vector<std::string>& b);

}  // namespace mishap
