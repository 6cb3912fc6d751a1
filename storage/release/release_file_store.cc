#include "storage/release/release_file_store.h"

#include "storage/read_rows.h"
#include "storage/release/release_parts.h"

namespace mishap {
namespace {

ReleaseFileRow FileOf(const pqxx::row& row) {
  return {row[0].as<std::int64_t>(), TextOf(row[1]), TextOf(row[2]),     TextOf(row[3]),
          row[4].as<std::int64_t>(), TextOf(row[5]), TimestampOf(row[6])};
}

tl::unexpected<Error> NoFile() {
  return Fail(Reason::kNotFound, "no such file");
}

tl::unexpected<Error> Taken() {
  return Fail(Reason::kConflict, "A file matching this one already exists for the given release.");
}

}  // namespace

Result<ReleaseFileRow> AddReleaseFile(Session& session, const Scope& scope,
                                      std::string_view version, const ReleaseFileRow& file) {
  return Transact(session, [&](Work& work) -> Result<ReleaseFileRow> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    auto rows = work.Run("release_file_insert", *release, file.name, file.dist, file.checksum,
                         file.bytes, file.headers);
    if (rows.empty()) return Taken();
    return FileOf(rows[0]);
  });
}

Result<std::vector<ReleaseFileRow>> ListReleaseFiles(Session& session, const Scope& scope,
                                                     std::string_view version,
                                                     std::string_view part,
                                                     const std::vector<std::string>& checksums) {
  return Read(session, [&](Work& work) -> Result<std::vector<ReleaseFileRow>> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    std::vector<ReleaseFileRow> out;
    const auto rows = work.Run("release_file_list", *release, part, ArrayParam(checksums));
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(FileOf(row));
    return out;
  });
}

Result<ReleaseFileRow> FindReleaseFile(Session& session, const Scope& scope,
                                       std::string_view version, std::int64_t id) {
  return Read(session, [&](Work& work) -> Result<ReleaseFileRow> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    auto rows = work.Run("release_file_by_id", *release, id);
    if (rows.empty()) return NoFile();
    return FileOf(rows[0]);
  });
}

Result<ReleaseFileRow> RenameReleaseFile(Session& session, const Scope& scope,
                                         std::string_view version, std::int64_t id,
                                         const std::optional<std::string>& name,
                                         const std::optional<std::string>& dist) {
  return Transact(session, [&](Work& work) -> Result<ReleaseFileRow> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    if (work.Run("release_file_by_id", *release, id).empty()) return NoFile();
    auto rows = work.Run("release_file_rename", *release, id, name, dist);
    if (rows.empty()) return Taken();
    return FileOf(rows[0]);
  });
}

Status RemoveReleaseFile(Session& session, const Scope& scope, std::string_view version,
                         std::int64_t id) {
  return Transact(session, [&](Work& work) -> Status {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    if (work.Run("release_file_delete", *release, id).empty()) return NoFile();
    return {};
  });
}

}  // namespace mishap
