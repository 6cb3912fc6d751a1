// See data_dir.h.
#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/bytes.h"
#include "fmt/format.h"

namespace mishap {
namespace {

Error SystemError(std::string_view what, const std::string& path, int error) {
  return Error{Reason::kUnavailable,
               fmt::format("cannot {} {}: {}", what, path, std::strerror(error))};
}

}  // namespace

Status MakeDirectory(const std::string& path, mode_t mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const mode_t before = umask(022);
  std::filesystem::create_directories(path, error);
  umask(before);
  if (error) return Fail(SystemError("make", path, error.value()));
  if (chmod(path.c_str(), mode) != 0) return Fail(SystemError("open up", path, errno));
  return {};
}

Result<DataDirLock> DataDirLock::Take(const std::string& data_dir) {
  // Others may pass through (user postgres has its cluster inside), nobody may list or read.
  if (auto ok = MakeDirectory(data_dir, 0711); !ok) return Fail(ok.error());
  const std::string path = data_dir + "/mishap.lock";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Fail(SystemError("open", path, errno));
  std::array<char, 32> text{};
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const ssize_t n = pread(fd, text.data(), text.size() - 1, 0);
    close(fd);
    const std::string_view pid(text.data(), static_cast<std::size_t>(n > 0 ? n : 0));
    return Fail(
        Reason::kConflict,
        fmt::format("another Mishap (pid {}) uses {}: stop it, or choose another --data-dir",
                    TrimAscii(pid), data_dir));
  }
  const std::string pid = fmt::format("{}\n", getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    close(fd);
    return Fail(SystemError("write", path, errno));
  }
  return DataDirLock(fd);
}

DataDirLock::~DataDirLock() {
  if (fd_ >= 0) close(fd_);
}

Status WriteFileAtomically(const std::string& path, const std::string& text, mode_t mode) {
  const std::string unfinished = fmt::format("{}.{}", path, getpid());
  const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return Fail(SystemError("make", unfinished, errno));
  const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fchmod(fd, mode) == 0 && fsync(fd) == 0;
  int error = errno;
  close(fd);
  if (written && std::rename(unfinished.c_str(), path.c_str()) == 0) return {};
  if (written) error = errno;
  unlink(unfinished.c_str());
  return Fail(SystemError("write", path, error));
}

}  // namespace mishap
