// What build tools uploaded: bundles of source maps and debug files (schema control). The bytes are
// files under their checksums (spool/artifact_files.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct ArtifactBundleRow {
  std::int64_t id = 0;
  std::string checksum;  // SHA-1, 40 hexadecimal digits
  std::string version;   // of its release; empty: none
  std::string dist;
  std::int64_t bytes = 0;
  Timestamp created_at;
};

struct DebugFileRow {
  std::int64_t id = 0;
  std::string checksum;
  std::string name;
  std::string debug_id;  // empty: the client named none
  std::int64_t bytes = 0;
  Timestamp created_at;
};

// Whether a project of the scope has the file of this checksum, as anything.
Result<bool> HasArtifact(Session& session, const Scope& scope, std::string_view checksum);

// The same bundle again adds its projects. Projects outside the scope are left out.
Status SaveArtifactBundle(Session& session, const Scope& scope, const ArtifactBundleRow& bundle,
                          const std::vector<ProjectId>& projects);
Result<std::vector<ArtifactBundleRow>> ListArtifactBundles(Session& session, const Scope& scope);

// One project each. Errors: not_found (outside the scope).
Result<DebugFileRow> SaveDebugFile(Session& session, const Scope& scope, ProjectId project,
                                   const DebugFileRow& file);
Result<std::optional<DebugFileRow>> FindDebugFile(Session& session, const Scope& scope,
                                                  ProjectId project, std::string_view checksum);
Result<std::vector<DebugFileRow>> ListDebugFiles(Session& session, const Scope& scope,
                                                 ProjectId project, std::string_view part);
// Errors: not_found.
Result<DebugFileRow> ReadDebugFile(Session& session, const Scope& scope, ProjectId project,
                                   std::int64_t id);
Status RemoveDebugFile(Session& session, const Scope& scope, ProjectId project, std::int64_t id);

}  // namespace mishap
