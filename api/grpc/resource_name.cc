#include "api/grpc/resource_name.h"

#include <utility>
#include <vector>

#include "api/query_params.h"
#include "base/bytes.h"

namespace mishap {
namespace {

std::string_view TakeSegment(std::string_view& rest) {
  const auto slash = rest.find('/');
  const auto segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

}  // namespace

bool MatchName(std::string_view pattern, std::string_view name, PathParams& path) {
  if (name.ends_with('/')) return false;
  std::vector<std::pair<std::string_view, std::string>> parts;
  while (!pattern.empty() && !name.empty()) {
    const auto wanted = TakeSegment(pattern);
    const auto segment = TakeSegment(name);
    if (!wanted.starts_with('{')) {
      if (wanted != segment) return false;
      continue;
    }
    auto value = PercentDecode(segment, false);
    if (value.empty() || !IsStorableText(value)) return false;
    parts.emplace_back(wanted.substr(1, wanted.size() - 2), std::move(value));
  }
  if (!pattern.empty() || !name.empty()) return false;
  for (auto& [part, value] : parts) path.Set(part, std::move(value));
  return true;
}

std::string OrganizationName(std::string_view organization) {
  return "organizations/" + std::string(organization);
}

std::string ProjectName(std::string_view organization, std::string_view project) {
  return OrganizationName(organization) + "/projects/" + std::string(project);
}

std::string IssueName(std::string_view organization, IssueId issue) {
  return OrganizationName(organization) + "/issues/" + std::to_string(issue.value);
}

std::string EventName(std::string_view organization, std::string_view project, EventId event) {
  return ProjectName(organization, project) + "/events/" + ToHex(event);
}

std::string ReleaseName(std::string_view organization, std::string_view version) {
  return OrganizationName(organization) + "/releases/" + PercentEncode(version);
}

}  // namespace mishap
