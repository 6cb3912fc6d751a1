#include "spool/segment_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::uint64_t kReadPieceBytes = 4096;

struct FileBytes {
  std::string bytes;
  bool complete = true;  // false: the disk could not give all of it
};

// The first `bytes` of the file. Pieces the disk cannot give are zeros: the scan counts them as
// damage and goes on.
FileBytes ReadFrom(Env& env, const std::string& path, std::uint64_t bytes) {
  if (auto all = env.Read(path, 0, bytes)) return {*std::move(all), true};
  FileBytes out;
  while (out.bytes.size() < bytes) {
    const std::uint64_t want = std::min<std::uint64_t>(kReadPieceBytes, bytes - out.bytes.size());
    auto piece = env.Read(path, out.bytes.size(), want);
    if (!piece && piece.error().reason == Reason::kNotFound) break;
    if (piece && piece->empty()) break;
    out.complete = out.complete && piece;
    out.bytes += piece ? *piece : std::string(want, '\0');
  }
  return out;
}

bool IsZero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

bool IsBlank(const FileBytes& file) {
  return file.complete && IsZero(file.bytes);
}

Result<SegmentFile> ReadHead(Env& env, const std::string& directory, const std::string& name) {
  SegmentFile file;
  file.name = name;
  const std::string path = directory + "/" + name;
  auto bytes = env.Size(path);
  if (!bytes && bytes.error().reason != Reason::kNotFound) return Fail(bytes.error());
  file.bytes = bytes.value_or(0);
  const FileBytes head =
      ReadFrom(env, path, std::min<std::uint64_t>(file.bytes, kSegmentDataOffset));
  auto header = DecodeSegmentHead(head.bytes);
  if (header && file.bytes <= kSegmentFileBytesMax) {
    file.header = *header;
    return file;
  }
  bool blank = IsBlank(head) && file.bytes <= kSegmentFileBytesMax &&
               (file.bytes <= kSegmentDataOffset || IsBlank(ReadFrom(env, path, file.bytes)));
  file.state = blank ? SegmentState::kBlank : SegmentState::kUnreadable;
  return file;
}

auto OrderOf(const SegmentFile& file) {
  return std::tuple(file.header.first_seq, file.header.number, file.header.salt);
}

// Each segment ends where the next one begins. Copies of one segment share a range.
void SettleRanges(std::vector<SegmentFile*>& ours) {
  std::sort(ours.begin(), ours.end(), [](const SegmentFile* a, const SegmentFile* b) {
    return std::tuple(OrderOf(*a), a->name) < std::tuple(OrderOf(*b), b->name);
  });
  const SegmentFile* next = nullptr;
  for (std::size_t i = ours.size(); i-- > 0;) {
    bool copy = i + 1 < ours.size() && OrderOf(*ours[i]) == OrderOf(*ours[i + 1]);
    if (!copy) next = i + 1 < ours.size() ? ours[i + 1] : nullptr;
    ours[i]->seq_end = next ? next->header.first_seq : kNoSeqEnd;
    if (ours[i]->seq_end <= ours[i]->header.first_seq) ours[i]->state = SegmentState::kSuperseded;
  }
}

// Of the copies of one segment only the one with the most records stays good.
void SettleCopies(std::vector<SegmentFile*>& ours) {
  SegmentFile* best = nullptr;
  for (SegmentFile* file : ours) {
    if (file->state != SegmentState::kGood) continue;
    if (!best || OrderOf(*best) != OrderOf(*file)) {
      best = file;
      continue;
    }
    SegmentFile* worse = file->scan.records > best->scan.records ? best : file;
    best = worse == best ? file : best;
    worse->state = SegmentState::kDoubled;
    worse->scan = {};
  }
}

}  // namespace

std::string_view SegmentStateName(SegmentState state) {
  switch (state) {
    case SegmentState::kGood:
      return "good";
    case SegmentState::kBlank:
      return "blank";
    case SegmentState::kUnreadable:
      return "unreadable";
    case SegmentState::kForeign:
      return "foreign";
    case SegmentState::kDoubled:
      return "doubled";
    case SegmentState::kSuperseded:
      return "superseded";
  }
  return "unreadable";
}

// "mishap-spool 1 <32 hex digits> <16 hex digits: checksum of what stands before>\n"
std::optional<SpoolId> ReadIdentity(Env& env, const std::string& directory) {
  constexpr std::size_t kLineBytes = 15 + 32 + 1 + 16 + 1;
  auto line = env.Read(directory + "/spool_id", 0, kLineBytes + 1);
  if (!line || line->size() != kLineBytes) return {};
  auto id = ParseId128<SpoolId>(std::string_view(*line).substr(15, 32));
  if (!id) return {};
  const std::string body = fmt::format("mishap-spool 1 {}", ToHex(*id));
  if (*line != fmt::format("{} {:016x}\n", body, PlainChecksum(body))) return {};
  return *id;
}

Status WriteIdentity(Env& env, const std::string& directory, SpoolId id) {
  const std::string path = directory + "/spool_id";
  const std::string body = fmt::format("mishap-spool 1 {}", ToHex(id));
  (void)env.Remove(path + ".new");  // left by a crash; usually not there
  auto file = env.Create(path + ".new", 0);
  if (!file) return Fail(file.error());
  Status status = (*file)->Append(fmt::format("{} {:016x}\n", body, PlainChecksum(body)));
  if (status) status = (*file)->Sync();
  if (status) status = env.Rename(path + ".new", path);
  if (status) status = env.SyncDirectory(directory);
  return status;
}

Result<std::vector<SegmentFile>> ListSegments(Env& env, const std::string& directory) {
  auto names = env.List(directory);
  if (!names) return Fail(names.error());
  std::sort(names->begin(), names->end());
  std::vector<SegmentFile> files;
  for (const std::string& name : *names) {
    if (!name.ends_with(kSegmentSuffix)) continue;
    auto file = ReadHead(env, directory, name);
    if (!file) return Fail(file.error());
    files.push_back(*std::move(file));
  }
  return files;
}

std::optional<SpoolId> IdentityOfSegments(const std::vector<SegmentFile>& files) {
  std::map<SpoolId, std::size_t> votes;
  for (const SegmentFile& file : files) {
    if (file.state == SegmentState::kGood) ++votes[file.header.spool];
  }
  auto most = std::max_element(votes.begin(), votes.end(),
                               [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == votes.end()) return {};
  return most->first;
}

void ScanSegments(Env& env, const std::string& directory, SpoolId id,
                  std::vector<SegmentFile>& files) {
  std::vector<SegmentFile*> ours;
  for (SegmentFile& file : files) {
    if (file.state != SegmentState::kGood) continue;
    if (file.header.spool == id) {
      ours.push_back(&file);
    } else {
      file.state = SegmentState::kForeign;
    }
  }
  SettleRanges(ours);
  for (SegmentFile* file : ours) {
    if (file->state != SegmentState::kGood) continue;
    const FileBytes whole = ReadFrom(env, directory + "/" + file->name, file->bytes);
    file->scan = ScanSegment(whole.bytes, file->header, file->seq_end);
  }
  SettleCopies(ours);
  std::stable_sort(files.begin(), files.end(), [](const SegmentFile& a, const SegmentFile& b) {
    return OrderOf(a) < OrderOf(b);
  });
}

}  // namespace mishap
