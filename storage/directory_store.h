// The project directory as ingest wants it: one version number and one snapshot (decisions 1.13).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "event/project_directory.h"
#include "storage/connection.h"

namespace mishap {

// A server that has not been heard of for this long takes no events any more.
inline constexpr int kServerGoneSeconds = 40;
// "This server is alive": to be called every ten seconds. instance: who it is, the same after a
// restart. A server that comes or goes raises the version.
Status BeatServer(Session& session, const std::string& instance);

// Rises with every change of a project or key. Cheap: one row.
Result<std::int64_t> DirectoryVersion(Session& session);
// Everything, with the version it belongs to (one snapshot of the database).
Result<DirectorySnapshot> LoadDirectory(Session& session);

}  // namespace mishap
