// What a route asks of its caller, as its table says: "org:read|org:ci" one of these scopes; "" any
// token or login; "-" nothing; "!org:write" and "!" the same of somebody who is signed in: tokens,
// which live long and travel, must not make more of themselves.
#pragma once

#include <string_view>
#include <vector>

#include "storage/scope.h"

namespace mishap {

class RoutePermissions {
 public:
  explicit RoutePermissions(std::string_view text);

  bool IsOpen() const { return open_; }
  bool NeedsLogin() const { return needs_login_; }
  bool IsAnyCaller() const { return alternatives_.empty(); }
  bool AllowedBy(const Scope& scope) const;
  const std::vector<std::string_view>& Alternatives() const { return alternatives_; }

 private:
  bool open_ = false;
  bool needs_login_ = false;
  std::vector<std::string_view> alternatives_;
};

}  // namespace mishap
