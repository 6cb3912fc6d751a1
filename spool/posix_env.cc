// Env over POSIX: one system call or two per method, errors with the path in them, nothing retried
// but EINTR.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "spool/env.h"

namespace mishap {
namespace {

Reason ReasonOf(int error) {
  switch (error) {
    case ENOENT:
      return Reason::kNotFound;
    case EEXIST:
    case EWOULDBLOCK:
      return Reason::kConflict;
    case ENOSPC:
    case EDQUOT:
      return Reason::kOverloaded;
    default:
      return Reason::kUnavailable;
  }
}

tl::unexpected<Error> FailErrno(std::string_view what, std::string_view path) {
  const int error = errno;
  return Fail(ReasonOf(error), fmt::format("cannot {} {}: {}", what, path, std::strerror(error)));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) {
    do {
      number_ = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    } while (number_ < 0 && errno == EINTR);
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  bool IsOpen() const { return number_ >= 0; }
  int Number() const { return number_; }

 private:
  int number_ = -1;
};

class PosixFile final : public WritableFile {
 public:
  PosixFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      ssize_t n = ::write(descriptor_.Number(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return FailErrno("write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  Status Sync() override {
    if (::fdatasync(descriptor_.Number()) != 0) return FailErrno("sync", path_);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

Status SyncPath(const std::string& path, int flags) {
  Descriptor descriptor(path, flags);
  if (!descriptor.IsOpen()) return FailErrno("open", path);
  if (::fsync(descriptor.Number()) != 0) return FailErrno("sync", path);
  return {};
}

class PosixEnv final : public Env {
 public:
  Status CreateDirectory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0700) == 0) return {};
    const int error = errno;
    struct stat status {};
    if (error == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
    errno = error;
    return FailErrno("make the directory", path);
  }

  Result<std::unique_ptr<WritableFile>> Create(const std::string& path,
                                               std::uint64_t preallocate_bytes) override {
    Descriptor descriptor(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND);
    if (!descriptor.IsOpen()) return FailErrno("create", path);
    // The size stays what was written: the end of the file is the end of the records. File systems
    // that cannot reserve (EOPNOTSUPP) show a full disk at the write instead.
    if (preallocate_bytes > 0 &&
        ::fallocate(descriptor.Number(), FALLOC_FL_KEEP_SIZE, 0,
                    static_cast<off_t>(preallocate_bytes)) != 0 &&
        errno != EOPNOTSUPP) {
      auto failure = FailErrno(fmt::format("reserve {} bytes for", preallocate_bytes), path);
      ::unlink(path.c_str());
      return failure;
    }
    return std::make_unique<PosixFile>(std::move(descriptor), path);
  }

  Result<std::vector<std::string>> List(const std::string& directory) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator it(directory, error), end;
    for (; !error && it != end; it.increment(error)) {
      names.push_back(it->path().filename().string());
    }
    errno = error.value();
    if (error) return FailErrno("list", directory);
    return names;
  }

  Result<std::string> Read(const std::string& path, std::uint64_t offset,
                           std::uint64_t bytes_max) override {
    Descriptor descriptor(path, O_RDONLY);
    if (!descriptor.IsOpen()) return FailErrno("open", path);
    struct stat status {};
    if (::fstat(descriptor.Number(), &status) != 0) return FailErrno("stat", path);
    auto size = static_cast<std::uint64_t>(status.st_size);
    std::string out(offset < size ? std::min(bytes_max, size - offset) : 0, '\0');
    std::size_t done = 0;
    while (done < out.size()) {
      ssize_t n = ::pread(descriptor.Number(), out.data() + done, out.size() - done,
                          static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return FailErrno("read", path);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    out.resize(done);
    return out;
  }

  Result<std::uint64_t> Size(const std::string& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return FailErrno("stat", path);
    return static_cast<std::uint64_t>(status.st_size);
  }
  Status Truncate(const std::string& path, std::uint64_t bytes) override {
    if (::truncate(path.c_str(), static_cast<off_t>(bytes)) != 0) {
      return FailErrno("truncate", path);
    }
    return {};
  }
  Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return FailErrno("rename", from);
    return {};
  }
  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return FailErrno("remove", path);
    return {};
  }
  Status SyncFile(const std::string& path) override { return SyncPath(path, O_RDONLY); }
  Status SyncDirectory(const std::string& path) override {
    return SyncPath(path, O_RDONLY | O_DIRECTORY);
  }

  Result<std::uint64_t> FreeBytes(const std::string& path) override {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) return FailErrno("ask for the free space of", path);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }

  Result<std::unique_ptr<WritableFile>> Lock(const std::string& directory) override {
    const std::string path = directory + "/LOCK";
    Descriptor descriptor(path, O_RDWR | O_CREAT | O_APPEND);
    if (!descriptor.IsOpen()) return FailErrno("open", path);
    if (::flock(descriptor.Number(), LOCK_EX | LOCK_NB) != 0) return FailErrno("lock", path);
    return std::make_unique<PosixFile>(std::move(descriptor), path);
  }
};

}  // namespace

std::unique_ptr<Env> MakePosixEnv() {
  return std::make_unique<PosixEnv>();
}

}  // namespace mishap
