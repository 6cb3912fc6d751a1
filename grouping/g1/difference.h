// What separates two events, in words: the first item of what counts in one that is not the same in
// the other.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "grouping/g1/decision.h"

namespace mishap::g1 {

// One thing that counts, in the order it enters the keys.
struct AccountItem {
  std::string name;  // "type of the outer exception", "frame 2 of ..."
  std::string value;
};

// All that counts in an event; owns its texts, so that two can stand side by side.
struct Account {
  std::string decided_by;
  std::vector<AccountItem> items;  // decides the issue
  std::string text;                // joins M and PM only
};

Account AccountOf(const Decision& decision, const Event& event);

// Empty: nothing that counts differs.
std::string DifferenceOf(const Account& a, const Account& b);

}  // namespace mishap::g1
