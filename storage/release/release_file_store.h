// Files of releases that came one by one (schema control): what older tools upload instead of
// bundles. The bytes stand under their checksums (spool/artifact_files.h).
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

struct ReleaseFileRow {
  std::int64_t id = 0;
  std::string name;      // "~/app.min.js"
  std::string dist;      // empty: none
  std::string checksum;  // SHA-1, 40 hexadecimal digits
  std::int64_t bytes = 0;
  std::string headers = "{}";  // JSON object
  Timestamp created_at;
};

// All errors not_found where the scope has no such release or file.

// Errors: conflict (the release has a file of this name and dist).
Result<ReleaseFileRow> AddReleaseFile(Session& session, const Scope& scope,
                                      std::string_view version, const ReleaseFileRow& file);
// By name, at most 10,000. part: of the name, any case; checksums: empty for any.
Result<std::vector<ReleaseFileRow>> ListReleaseFiles(Session& session, const Scope& scope,
                                                     std::string_view version,
                                                     std::string_view part,
                                                     const std::vector<std::string>& checksums);
Result<ReleaseFileRow> FindReleaseFile(Session& session, const Scope& scope,
                                       std::string_view version, std::int64_t id);
// Absent ones stay. Errors: conflict.
Result<ReleaseFileRow> RenameReleaseFile(Session& session, const Scope& scope,
                                         std::string_view version, std::int64_t id,
                                         const std::optional<std::string>& name,
                                         const std::optional<std::string>& dist);
Status RemoveReleaseFile(Session& session, const Scope& scope, std::string_view version,
                         std::int64_t id);

}  // namespace mishap
