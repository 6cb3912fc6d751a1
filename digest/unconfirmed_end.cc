#include "digest/unconfirmed_end.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace mishap {
namespace {

constexpr std::string_view kTitle = "mishap-unconfirmed-end-1";

bool SyncPath(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool ok = ::fsync(file) == 0;
  ::close(file);
  return ok;
}

bool SyncParentOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return SyncPath(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

}  // namespace

UnconfirmedEnd::UnconfirmedEnd(std::string path, SpoolId spool, std::uint64_t end)
    : path_(std::move(path)), seq_(end) {
  if (path_.empty()) return;
  std::string title, of;
  std::uint64_t seq = 0;
  if (std::ifstream(path_) >> title >> of >> seq && title == kTitle && of == ToHex(spool)) {
    seq_ = std::min(seq, end);
    return;
  }
  std::ofstream file(path_, std::ios::trunc);
  file << kTitle << ' ' << ToHex(spool) << ' ' << end << '\n' << std::flush;
  if (!file || !SyncPath(path_) || !SyncParentOf(path_)) Complain();
}

void UnconfirmedEnd::Confirm() {
  if (path_.empty()) return;
  if ((::unlink(path_.c_str()) != 0 && errno != ENOENT) || !SyncParentOf(path_)) Complain();
}

void UnconfirmedEnd::Complain() const {
  Log(LogLevel::kWarning, "digest_unconfirmed_end_unwritable",
      {{"path", path_}, {"error", std::strerror(errno)}});
}

}  // namespace mishap
