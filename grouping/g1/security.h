// Security reports (spec 11.4): a policy's directive and what it blocked; never the document's
// address.
#pragma once

#include <string>

#include "event/event.h"

namespace mishap::g1 {

struct SecurityPart {
  std::string kind;       // csp, expectct, expectstaple, hpkp; empty: no security report
  std::string directive;  // csp only
  std::string target;     // what was blocked, or the host name
};

SecurityPart ReadSecurityReport(const Event& event);

}  // namespace mishap::g1
