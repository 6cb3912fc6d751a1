#include "storage/triage/greatest_version.h"

#include "storage/read_rows.h"
#include "storage/triage/reopening.h"

namespace mishap {

Result<std::string> ReadGreatestVersion(Session& session, const Scope& scope, ProjectId project) {
  return Read(session, [&](Work& work) {
    std::string greatest;
    bool is_first = true;
    for (const auto& row : work.Run("triage_versions", ArrayParam(scope.Projects()), project)) {
      auto version = TextOf(row[0]);
      if (is_first || CompareVersions(version, greatest) > 0) greatest = std::move(version);
      is_first = false;
    }
    return greatest;
  });
}

}  // namespace mishap
