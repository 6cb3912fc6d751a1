// See spool_retry.h. A file holds type (1 byte), project (8 bytes, little-endian), payload.
#include "server/spool_retry.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <sstream>

#include "base/bytes.h"
#include "base/log.h"
#include "event/payload_codec.h"
#include "event/record.h"
#include "fmt/format.h"
#include "server/data_dir.h"

namespace mishap {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kFilesMax = 100;
constexpr std::size_t kHeaderBytes = 9;
constexpr std::size_t kShownBytesMax = 16u << 20;

std::string RetryDirectory(const std::string& data_dir) {
  return data_dir + "/retry";
}

std::string EncodeFile(std::uint8_t type, ProjectId project, std::string_view payload) {
  std::string out(kHeaderBytes, '\0');
  out[0] = static_cast<char>(type);
  std::memcpy(out.data() + 1, &project.value, sizeof project.value);
  out += payload;
  return out;
}

std::optional<NewRecord> DecodeFile(const std::string& bytes) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  NewRecord record;
  record.type = static_cast<RecordType>(bytes[0]);
  std::memcpy(&record.project.value, bytes.data() + 1, sizeof record.project.value);
  record.payload = bytes.substr(kHeaderBytes);
  return record;
}

// True when the record is durable in the spool.
bool AppendAndWait(Spool& spool, NewRecord record) {
  auto promise = std::make_unique<std::promise<bool>>();
  std::future<bool> durable = promise->get_future();
  std::vector<NewRecord> records;
  records.push_back(std::move(record));
  const auto taken = spool.Append(std::move(records),
                                  [&](Status status) { promise->set_value(status.has_value()); });
  return taken && durable.get();
}

std::string ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

Result<std::size_t> RetryDeadLetters(const CommandContext& context, Session& session,
                                     const std::vector<DeadLetterRow>& rows) {
  const std::string directory = RetryDirectory(context.config.server.data_dir);
  if (auto ok = MakeDirectory(directory, 0700); !ok) return Fail(ok.error());
  std::size_t done = 0;
  for (const DeadLetterRow& listed : rows) {
    auto row = ShowDeadLetter(session, listed.spool, listed.seq);
    if (!row) return Fail(row.error());
    const std::string path = fmt::format("{}/{}-{}", directory, ToHex(row->spool), row->seq);
    auto written =
        WriteFileAtomically(path, EncodeFile(row->type, row->project, row->payload), 0600);
    if (!written) return Fail(written.error());
    if (auto gone = DeleteDeadLetter(session, row->spool, row->seq); !gone)
      return Fail(gone.error());
    ++done;
  }
  return done;
}

std::size_t AppendRetries(Spool& spool, const std::string& data_dir) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(RetryDirectory(data_dir), error)) {
    // "<spool>-<seq>"; with a further ".<pid>" it is still being written.
    if (entry.path().filename().string().find('.') == std::string::npos)
      files.push_back(entry.path());
    if (files.size() == kFilesMax) break;
  }
  std::size_t done = 0;
  for (const fs::path& path : files) {
    auto record = DecodeFile(ReadWhole(path));
    if (!record || AppendAndWait(spool, std::move(*record))) {
      fs::remove(path, error);
      ++done;
    }
  }
  if (done > 0) Log(LogLevel::kInfo, "dead_letters_retried", {{"records", std::uint64_t{done}}});
  return done;
}

std::string DescribeRecord(std::uint8_t type, std::string_view payload) {
  if (type == static_cast<std::uint8_t>(RecordType::kEvent)) {
    auto record = DecodeEventRecord(payload);
    if (record) {
      auto json = PayloadCodec().Decompress(record->payload, kShownBytesMax);
      if (json) return *json;
      return fmt::format("event {}: {}", ToHex(record->event_id), json.error().detail);
    }
  }
  return fmt::format("{} bytes: {}", payload.size(), EncodeHex(payload.substr(0, 256)));
}

}  // namespace mishap
