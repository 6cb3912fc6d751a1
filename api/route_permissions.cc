#include "api/route_permissions.h"

#include <algorithm>

namespace mishap {

RoutePermissions::RoutePermissions(std::string_view text) {
  open_ = text == "-";
  if (open_) return;
  needs_login_ = text.starts_with('!');
  if (needs_login_) text.remove_prefix(1);
  while (!text.empty()) {
    const auto end = text.find('|');
    alternatives_.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

bool RoutePermissions::AllowedBy(const Scope& scope) const {
  return alternatives_.empty() ||
         std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](std::string_view asked) { return scope.Allows(asked); });
}

}  // namespace mishap
