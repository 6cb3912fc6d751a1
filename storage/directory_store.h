// The project directory as ingest wants it: one version number and one snapshot (decisions 1.13).
#pragma once

#include <cstdint>

#include "base/result.h"
#include "event/project_directory.h"
#include "storage/connection.h"

namespace mishap {

// Rises with every change of a project or key. Cheap: one row.
Result<std::int64_t> DirectoryVersion(Session& session);
// Everything, with the version it belongs to (one snapshot of the database).
Result<DirectorySnapshot> LoadDirectory(Session& session);

}  // namespace mishap
