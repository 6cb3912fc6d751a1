// What of a file's path identifies the file across deploys, hosts and bundles (spec 6.3).
#pragma once

#include <string>
#include <string_view>

#include "grouping/g1/platform.h"

namespace mishap::g1 {

struct FileKey {
  std::string key;      // lower-cased; "<page>" for a document
  bool page = false;    // a URL that names no source file
  bool hashed = false;  // its name carried a content hash
};

// path: filename, else abs_path. is_url: see IsUrl of the frame's abs_path.
FileKey MakeFileKey(Platform platform, std::string_view path, bool is_url);

bool IsUrl(std::string_view path);  // http, https, blob, applewebdata

// The file with the folder it lies in, for platforms that say the folder without the deploy root:
// node in its module ("orders:create"), ruby in its relative file name. Empty: not known, or the
// folder says nothing ("src"). file_key: of the same frame.
std::string FolderPlace(Platform platform, std::string_view module, std::string_view path,
                        std::string_view file_key);

}  // namespace mishap::g1
