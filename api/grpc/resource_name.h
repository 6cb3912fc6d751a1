// Names of resources (AIP-122): "organizations/acme/projects/web/events/0123...". Their parts are
// the parts of the web API's paths, so that a name opens what the same path opens. Pure.
#pragma once

#include <string>
#include <string_view>

#include "api/router.h"
#include "base/ids.h"

namespace mishap {

// "organizations/{o}/issues/{i}" against a name; the parts percent-decoded. False: it does not fit,
// or a part is empty or no text. path is then as before.
bool MatchName(std::string_view pattern, std::string_view name, PathParams& path);

std::string OrganizationName(std::string_view organization);
std::string ProjectName(std::string_view organization, std::string_view project);
std::string IssueName(std::string_view organization, IssueId issue);
std::string EventName(std::string_view organization, std::string_view project, EventId event);
std::string ReleaseName(std::string_view organization, std::string_view version);

}  // namespace mishap
