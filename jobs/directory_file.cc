#include "jobs/directory_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace mishap {
namespace {

constexpr std::size_t kFileBytesMax = 256u << 20;

tl::unexpected<Error> FileError(const std::string& what, const std::string& path) {
  return Fail(Reason::kUnavailable, what + " " + path + ": " + std::strerror(errno));
}

// Closes on every way out.
class File {
 public:
  File(const std::string& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool IsOpen() const { return descriptor_ >= 0; }
  int Descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Status WriteDirectoryFile(const std::string& path, const DirectorySnapshot& snapshot) {
  const std::string temporary = path + ".new";
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.IsOpen()) return FileError("cannot create", temporary);
    if (!WriteAll(file.Descriptor(), WriteDirectoryJson(snapshot))) {
      return FileError("cannot write", temporary);
    }
    if (::fsync(file.Descriptor()) != 0) return FileError("cannot sync", temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return FileError("cannot rename to", path);
  const auto slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  File directory(parent, O_RDONLY | O_DIRECTORY);
  if (!directory.IsOpen() || ::fsync(directory.Descriptor()) != 0) {
    return FileError("cannot sync", parent);
  }
  return {};
}

Result<std::optional<DirectorySnapshot>> ReadDirectoryFile(const std::string& path) {
  File file(path, O_RDONLY);
  if (!file.IsOpen()) {
    if (errno == ENOENT) return std::optional<DirectorySnapshot>{};
    return FileError("cannot open", path);
  }
  std::string text;
  std::vector<char> buffer(1u << 16);
  while (true) {
    const ssize_t n = ::read(file.Descriptor(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError("cannot read", path);
    if (n == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > kFileBytesMax) return Fail(Reason::kInvalidJson, path + " is too large");
  }
  auto snapshot = ParseDirectoryJson(text);
  if (!snapshot) return Fail(snapshot.error().reason, path + ": " + snapshot.error().detail);
  return std::optional<DirectorySnapshot>(std::move(*snapshot));
}

}  // namespace mishap
