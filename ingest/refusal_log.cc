#include "ingest/refusal_log.h"

#include <algorithm>
#include <tuple>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kHeadBytes = 4;
constexpr std::size_t kTailBytes = 3;

// What came from a client is neither long nor broken text.
void Cut(std::string& text) {
  if (text.size() > RefusalLog::kTextBytesMax) text.resize(RefusalLog::kTextBytesMax);
  text = RepairUtf8(text);
}

bool IsAlike(const RefusedRequest& a, const RefusedRequest& b) {
  auto told = [](const RefusedRequest& row) {
    return std::tie(row.door, row.method, row.status, row.reason, row.detail, row.key, row.ip,
                    row.sdk);
  };
  return told(a) == told(b);
}

}  // namespace

void RefusalLog::Add(ProjectId project, RefusedRequest refused) {
  for (std::string* text :
       {&refused.door, &refused.method, &refused.detail, &refused.key, &refused.ip, &refused.sdk}) {
    Cut(*text);
  }
  std::lock_guard lock(mutex_);
  Ring& ring = rings_[project];
  ring.touched = ++touches_;
  if (!ring.rows.empty() && IsAlike(ring.rows.back(), refused)) {
    refused.times = ring.rows.back().times + 1;
    ring.rows.pop_back();
  }
  ring.rows.push_back(std::move(refused));
  if (ring.rows.size() > kKept) ring.rows.pop_front();
  if (rings_.size() > kProjectsMax) ForgetOldest();
}

void RefusalLog::ForgetOldest() {
  auto oldest = std::min_element(rings_.begin(), rings_.end(), [](const auto& a, const auto& b) {
    return a.second.touched < b.second.touched;
  });
  rings_.erase(oldest);
}

std::vector<RefusedRequest> RefusalLog::Of(ProjectId project) const {
  std::lock_guard lock(mutex_);
  auto found = rings_.find(project);
  if (found == rings_.end()) return {};
  return {found->second.rows.rbegin(), found->second.rows.rend()};
}

std::string MaskedKey(std::string_view key) {
  if (key.size() <= kHeadBytes + kTailBytes) return std::string(key.empty() ? "" : "…");
  return std::string(key.substr(0, kHeadBytes)) + "…" +
         std::string(key.substr(key.size() - kTailBytes));
}

}  // namespace mishap
