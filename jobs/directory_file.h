// The project directory as a file beside the spool, so that ingest starts without a database
// (decisions 1.13). Written whole and atomically; a file that cannot be read counts as none. Holds
// public keys only, no secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/project_directory.h"

namespace mishap {

// Temporary file, fsync, rename, fsync of the directory. Errors: unavailable, with the path.
Status WriteDirectoryFile(const std::string& path, const DirectorySnapshot& snapshot);
// nullopt: there is no file. Errors: invalid_json for one that is not ours, unavailable for one
// that cannot be read.
Result<std::optional<DirectorySnapshot>> ReadDirectoryFile(const std::string& path);

// Keys and projects in a fixed order: the same snapshot gives the same text.
std::string WriteDirectoryJson(const DirectorySnapshot& snapshot);
Result<DirectorySnapshot> ParseDirectoryJson(std::string_view text);

}  // namespace mishap
