#include "digest/open_range.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

#include "base/log.h"

namespace mishap {
namespace {

constexpr std::string_view kTitle = "mishap-open-range 1";
// One page: the kernel copies it in one go, so a killed process leaves the old text or the new.
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kFileBytesMax = 1u << 20;

std::string ReadAll(int file) {
  std::string text;
  char buffer[kPageBytes];
  ssize_t n = 0;
  while (text.size() < kFileBytesMax && (n = ::read(file, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

}  // namespace

OpenRanges::OpenRanges(std::string path, SpoolId spool) : path_(std::move(path)), spool_(spool) {
  if (path_.empty()) return;
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) {
    Log(LogLevel::kWarning, "digest_open_range_unwritable",
        {{"path", path_}, {"error", std::strerror(errno)}});
    return;
  }
  const std::string text = ReadAll(file_);
  file_bytes_ = text.size();
  if (!text.empty() && !Parse(text)) {
    entries_.clear();
    Log(LogLevel::kWarning, "digest_open_range_ignored", {{"path", path_}});
  }
  for (Entry& entry : entries_) {
    if (!entry.open) continue;
    entry.open = false;
    ++entry.crashes;
    Log(LogLevel::kWarning, "digest_range_open_at_crash",
        {{"first", entry.range.first}, {"next", entry.range.next}, {"crashes", entry.crashes}});
  }
  Write();  // before any work: a crash at start must not count twice, nor be forgotten
}

OpenRanges::~OpenRanges() {
  if (file_ >= 0) ::close(file_);
}

ReadPlan OpenRanges::PlanAt(std::uint64_t seq) const {
  std::lock_guard lock(mutex_);
  ReadPlan plan;
  for (const Entry& entry : entries_) {
    if (entry.range.next <= seq || entry.crashes == 0) continue;
    if (entry.range.first > seq) {
      plan.end = entry.range.first;  // do not mix the innocent with suspects
      return plan;
    }
    plan.end = entry.range.next;
    plan.alone = true;
    plan.single = entry.crashes >= kCrashesUntilSingle;
    plan.give_up = entry.crashes >= kCrashesUntilDeadLetter && plan.single &&
                   entry.range.next - entry.range.first == 1;
    return plan;
  }
  return plan;
}

void OpenRanges::Open(SeqRange range) {
  std::lock_guard lock(mutex_);
  const int crashes = Cut(range);
  Put({range, crashes, true});
  Write();
}

void OpenRanges::Close(SeqRange range) {
  std::lock_guard lock(mutex_);
  Cut(range);
  Write();
}

void OpenRanges::Pause(SeqRange range) {
  std::lock_guard lock(mutex_);
  const int crashes = Cut(range);
  if (crashes > 0) Put({range, crashes, false});
  Write();
}

void OpenRanges::ForgetBelow(std::uint64_t seq) {
  std::lock_guard lock(mutex_);
  if (entries_.empty() || entries_.front().range.first >= seq) return;
  Cut({0, seq});
  Write();
}

void OpenRanges::PauseAll() {
  std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) entry.open = false;
  std::erase_if(entries_, [](const Entry& entry) { return entry.crashes == 0; });
  Write();
}

std::string OpenRanges::Text() const {
  std::lock_guard lock(mutex_);
  return Render();
}

int OpenRanges::Cut(SeqRange range) {
  int crashes = 0;
  std::vector<Entry> kept;
  for (const Entry& entry : entries_) {
    if (entry.range.next <= range.first || entry.range.first >= range.next) {
      kept.push_back(entry);
      continue;
    }
    crashes = std::max(crashes, entry.crashes);
    if (entry.range.first < range.first) {
      kept.push_back({{entry.range.first, range.first}, entry.crashes, entry.open});
    }
    if (entry.range.next > range.next) {
      kept.push_back({{range.next, entry.range.next}, entry.crashes, entry.open});
    }
  }
  entries_ = std::move(kept);
  return crashes;
}

void OpenRanges::Put(Entry entry) {
  auto at = std::find_if(entries_.begin(), entries_.end(),
                         [&](const Entry& other) { return other.range.first > entry.range.first; });
  entries_.insert(at, entry);
}

std::string OpenRanges::Render() const {
  std::string text(kTitle);
  text += "\nspool " + ToHex(spool_) + "\n";
  for (const Entry& entry : entries_) {
    text += entry.open ? "open " : "waiting ";
    text += std::to_string(entry.range.first) + " " + std::to_string(entry.range.next) + " " +
            std::to_string(entry.crashes) + "\n";
  }
  return text + "end\n";
}

// False: another spool's, torn or foreign text.
bool OpenRanges::Parse(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string line;
  if (!std::getline(lines, line) || line != kTitle) return false;
  if (!std::getline(lines, line) || line != "spool " + ToHex(spool_)) return false;
  while (std::getline(lines, line)) {
    if (line == "end") return true;
    std::istringstream words(line);
    std::string state;
    Entry entry;
    if (!(words >> state >> entry.range.first >> entry.range.next >> entry.crashes)) return false;
    if ((state != "open" && state != "waiting") || entry.range.first >= entry.range.next) {
      return false;
    }
    if (!entries_.empty() && entries_.back().range.next > entry.range.first) return false;
    entry.open = state == "open";
    entries_.push_back(entry);
  }
  return false;
}

void OpenRanges::Write() {
  if (file_ < 0) return;
  std::string text = Render();
  // Blank lines behind "end" overwrite what a longer text left there.
  std::size_t bytes = std::max(text.size(), file_bytes_);
  bytes = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  text.resize(bytes, '\n');
  file_bytes_ = bytes;
  const bool ok = ::pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(bytes);
  if (!ok && !write_failed_) {
    Log(LogLevel::kWarning, "digest_open_range_unwritable",
        {{"path", path_}, {"error", std::strerror(errno)}});
  }
  write_failed_ = !ok;
}

}  // namespace mishap
