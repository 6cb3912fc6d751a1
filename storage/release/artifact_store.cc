#include "storage/release/artifact_store.h"

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

// "a0b1..." as bytes; the callers have checked the digits.
pqxx::binarystring ChecksumParam(std::string_view hex) {
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return BytesParam(bytes);
}

DebugFileRow DebugFileOf(const pqxx::row& row) {
  return {row[0].as<std::int64_t>(), row[1].c_str(),     row[2].c_str(), row[3].c_str(),
          row[4].as<std::int64_t>(), TimestampOf(row[5])};
}

tl::unexpected<Error> NoProject() {
  return Fail(Reason::kNotFound, "no such project");
}

}  // namespace

Result<bool> HasArtifact(Session& session, const Scope& scope, std::string_view checksum) {
  return Read(session, [&](Work& work) {
    return !work.Run("artifact_known", scope.Organization(), ArrayParam(scope.Projects()),
                     ChecksumParam(checksum))
                .empty();
  });
}

Status SaveArtifactBundle(Session& session, const Scope& scope, const ArtifactBundleRow& bundle,
                          const std::vector<ProjectId>& projects) {
  const auto seen = scope.Narrowed(projects).Projects();
  return Transact(session, [&](Work& work) {
    work.Run("artifact_bundle_upsert", scope.Organization(), ChecksumParam(bundle.checksum),
             bundle.version, bundle.dist, ArrayParam(seen), bundle.bytes);
  });
}

Result<std::vector<ArtifactBundleRow>> ListArtifactBundles(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) {
    std::vector<ArtifactBundleRow> out;
    const auto rows =
        work.Run("artifact_bundle_list", scope.Organization(), ArrayParam(scope.Projects()));
    out.reserve(rows.size());
    for (const auto& row : rows) {
      out.push_back({row[0].as<std::int64_t>(), row[1].c_str(), row[2].c_str(), row[3].c_str(),
                     row[4].as<std::int64_t>(), TimestampOf(row[5])});
    }
    return out;
  });
}

Result<DebugFileRow> SaveDebugFile(Session& session, const Scope& scope, ProjectId project,
                                   const DebugFileRow& file) {
  if (!scope.Sees(project)) return NoProject();
  return Transact(session, [&](Work& work) {
    return DebugFileOf(work.Run("debug_file_upsert", project, ChecksumParam(file.checksum),
                                file.name, file.debug_id, file.bytes)[0]);
  });
}

Result<std::optional<DebugFileRow>> FindDebugFile(Session& session, const Scope& scope,
                                                  ProjectId project, std::string_view checksum) {
  if (!scope.Sees(project)) return NoProject();
  return Read(session, [&](Work& work) {
    const auto rows = work.Run("debug_file_by_checksum", project, ChecksumParam(checksum));
    return rows.empty() ? std::nullopt : std::optional<DebugFileRow>(DebugFileOf(rows[0]));
  });
}

Result<std::vector<DebugFileRow>> ListDebugFiles(Session& session, const Scope& scope,
                                                 ProjectId project, std::string_view part) {
  if (!scope.Sees(project)) return NoProject();
  return Read(session, [&](Work& work) {
    std::vector<DebugFileRow> out;
    const auto rows = work.Run("debug_file_list", project, part);
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(DebugFileOf(row));
    return out;
  });
}

Result<DebugFileRow> ReadDebugFile(Session& session, const Scope& scope, ProjectId project,
                                   std::int64_t id) {
  if (!scope.Sees(project)) return NoProject();
  return Read(session, [&](Work& work) -> Result<DebugFileRow> {
    auto rows = work.Run("debug_file_by_id", project, id);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such debug file");
    return DebugFileOf(rows[0]);
  });
}

Status RemoveDebugFile(Session& session, const Scope& scope, ProjectId project, std::int64_t id) {
  if (!scope.Sees(project)) return NoProject();
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("debug_file_delete", project, id).empty()) {
      return Fail(Reason::kNotFound, "no such debug file");
    }
    return {};
  });
}

}  // namespace mishap
