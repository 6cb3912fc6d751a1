// The data directory: made if missing, held by one process (house 6: one Mishap a directory).
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace mishap {

// Makes `path` with its parents; the last one gets `mode`, parents are as open as usual so that
// user postgres gets through. An existing directory is left as it is. Errors: unavailable with the
// system's reason.
Status MakeDirectory(const std::string& path, mode_t mode);

// Held from Take to the end of the object; the kernel lets go when the process dies.
class DataDirLock {
 public:
  // Makes the directory. Errors: conflict (another process holds it; its pid is named),
  // unavailable.
  static Result<DataDirLock> Take(const std::string& data_dir);
  DataDirLock(DataDirLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  DataDirLock& operator=(DataDirLock&&) = delete;
  ~DataDirLock();

 private:
  explicit DataDirLock(int fd) : fd_(fd) {}
  int fd_;
};

// Replaces the file as a whole: a reader sees the old text or the new one. mode: 0600 for secrets.
Status WriteFileAtomically(const std::string& path, const std::string& text, mode_t mode);

}  // namespace mishap
