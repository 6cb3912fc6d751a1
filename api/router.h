// Router: which resource answers a method and a path under /api/0/. A table, not a framework: it
// knows neither requests nor resources. Paths are split on '/' first and percent-decoded segment by
// segment (a release may hold "%2F"); the final slash is optional and never redirected.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mishap {

// The `{name}` segments of a path, decoded.
class PathParams {
 public:
  void Set(std::string_view name, std::string value);
  const std::string& Get(std::string_view name) const;  // empty if the pattern has no such segment
  // False if a value is not UTF-8 or holds NUL.
  bool IsText() const;
  bool Has(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

class Router {
 public:
  // pattern: "organizations/{o}/issues/{i}/", relative to /api/0/. Patterns added first win.
  // Returns the route's number, counting from 0.
  std::size_t Add(std::string_view method, std::string_view pattern);

  struct Match {
    std::optional<std::size_t> route;  // empty: nothing for this method
    PathParams path;
    std::vector<std::string> allowed;  // methods of the path; empty: unknown path
  };
  // path: raw, e.g. "/api/0/organizations/acme/issues". HEAD finds GET routes.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    std::string method;
    std::vector<std::string> segments;
  };
  std::vector<Entry> entries_;
};

}  // namespace mishap
