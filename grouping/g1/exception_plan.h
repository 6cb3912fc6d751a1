// Which exceptions of an event count and in what role (spec 9.2 to 9.4). Looks at ids, types and
// whether stacks exist; frames and texts come later.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "event/event.h"

namespace mishap::g1 {

inline constexpr std::size_t kExceptionsMax = 50;   // of a longer chain: the last 50 and the first
inline constexpr std::size_t kGroupNodesMax = 200;  // larger trees are read as a plain chain
inline constexpr std::size_t kGroupDepthMax = 32;
inline constexpr std::size_t kGroupMembersMax = 8;

enum class ExceptionRole : std::uint8_t { kOuter, kRoot, kMember, kGroup };

struct PlannedException {
  std::size_t index = 0;  // in event.exceptions
  ExceptionRole role = ExceptionRole::kOuter;
};

struct LeftOut {
  std::size_t index = 0;
  std::string_view why;
};

struct ExceptionPlan {
  std::vector<PlannedException>
      parts;  // chain: outer, then root; group: members, then the group itself
  std::vector<LeftOut> left_out;
  std::size_t main = 0;  // the exception that names the issue
  bool group = false;    // several members

  void Clear();
};

// event.exceptions must not be empty. distinct: reduces the members of a group to those with
// distinct contents, given their indices ordered by (type, id); called only for groups.
class MemberFilter {
 public:
  virtual ~MemberFilter() = default;
  virtual void KeepDistinct(std::vector<std::size_t>& members) = 0;
};

void PlanExceptions(const Event& event, MemberFilter& filter, ExceptionPlan& plan);

}  // namespace mishap::g1
