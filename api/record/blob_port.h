// Port: the bytes of attachments, which stand in the data directory and not in the database. The
// server connects it to spool/blob_files.h.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

struct BlobPort {
  // By the name an attachment's row has. Errors: not_found (dropped by retention, or another server
  // took it), unavailable.
  std::function<Result<std::string>(std::string_view blob)> read;
  std::function<void(std::string_view blob)> remove;
};

}  // namespace mishap
