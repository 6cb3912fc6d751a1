// Env: the few file operations the spool needs, so that a test can forget or tear every byte that
// was not synced (decisions 1.5). The real one is a thin layer over POSIX; nothing here retries.
// Reasons: not_found, conflict (it exists, or another process holds it), overloaded (the disk is
// full), else unavailable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

// An open file for appending. After a failed Append or Sync the file must not be written again
// (ext4 may drop the dirty pages and report it once).
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status Append(std::string_view bytes) = 0;
  virtual Status Sync() = 0;  // fdatasync
};

class Env {
 public:
  virtual ~Env() = default;
  virtual Status CreateDirectory(const std::string& path) = 0;  // fine if it exists
  // A new file of `preallocate_bytes` reserved (not written) bytes; fails if it exists or the disk
  // is full.
  virtual Result<std::unique_ptr<WritableFile>> Create(const std::string& path,
                                                       std::uint64_t preallocate_bytes) = 0;
  virtual Result<std::vector<std::string>> List(
      const std::string& directory) = 0;  // names, no order
  virtual Result<std::string> Read(const std::string& path, std::uint64_t offset,
                                   std::uint64_t bytes_max) = 0;  // shorter at the end of the file
  virtual Result<std::uint64_t> Size(const std::string& path) = 0;
  virtual Status Truncate(const std::string& path, std::uint64_t bytes) = 0;
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  virtual Status Remove(const std::string& path) = 0;
  // fsync of a file that is not open for appending: recovery makes durable what it is about to hand
  // out.
  virtual Status SyncFile(const std::string& path) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  // Free bytes of the file system that holds `path`.
  virtual Result<std::uint64_t> FreeBytes(const std::string& path) = 0;
  // Exclusive lock on directory/LOCK for the life of the returned object; conflict if another
  // process holds it.
  virtual Result<std::unique_ptr<WritableFile>> Lock(const std::string& directory) = 0;
};

std::unique_ptr<Env> MakePosixEnv();

}  // namespace mishap
