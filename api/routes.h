// The table of all routes: method, path, the permissions of which one is needed, and the resource.
#pragma once

#include <string_view>
#include <vector>

#include "api/call.h"

namespace mishap {

struct Route {
  std::string_view method;
  std::string_view pattern;  // relative to /api/0/
  // Alternatives separated by '|'; "" = any token; "-" = no credentials needed.
  std::string_view permissions;
  Answer (*run)(ApiCall& call);
};

const std::vector<Route>& Routes();

}  // namespace mishap
