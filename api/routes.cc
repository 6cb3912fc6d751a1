#include "api/routes.h"

#include <deque>
#include <string>

namespace mishap {
namespace {

using RoutePart = std::vector<Route> (*)();

// Among patterns that fit a path the first wins: events/validate/ before events/{pe}/.
constexpr RoutePart kParts[] = {&AccountRoutes, &ProjectRoutes,  &SearchRoutes, &ExploreRoutes,
                                &EventRoutes,   &IssueRoutes,    &TriageRoutes, &StreamRoutes,
                                &ReleaseRoutes, &GroupingRoutes, &RecordRoutes};

std::vector<Route> Collect() {
  static std::deque<std::string> doubled;  // owns the patterns made here
  std::vector<Route> out = {{"GET", "openapi.json", "-", &GetOpenApi}};
  for (auto part : kParts) {
    for (const auto& route : part()) {
      if (route.pattern.starts_with("issues/{i}/")) {
        doubled.push_back("organizations/{o}/" + std::string(route.pattern));
        out.push_back(route);
        out.back().pattern = doubled.back();
      }
      out.push_back(route);
    }
  }
  return out;
}

}  // namespace

const std::vector<Route>& Routes() {
  static const std::vector<Route> kAll = Collect();
  return kAll;
}

}  // namespace mishap
