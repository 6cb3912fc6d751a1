// The log: segments as a disk may give them back, and the records in them.
#include <string>
#include <vector>

#include "event/record.h"
#include "spool/segment_format.h"
#include "spool/segment_scan.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

constexpr SegmentHeader kHeader{SpoolId{{1, 2, 3}}, 4, 100, 0x5eed};
constexpr std::size_t kRecordsMax = 40;

// A script the fuzzer writes: bytes taken one after the other, zero when it is used up.
class Script {
 public:
  explicit Script(std::string_view bytes) : bytes_(bytes) {}
  bool AtEnd() const { return at_ >= bytes_.size(); }
  unsigned Byte() { return AtEnd() ? 0 : static_cast<unsigned char>(bytes_[at_++]); }
  std::size_t Word() {
    unsigned high = Byte();
    return high << 8 | Byte();
  }
  std::string_view Take(std::size_t bytes) {
    std::string_view part = bytes_.substr(std::min(at_, bytes_.size()), bytes);
    at_ += part.size();
    return part;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

struct Written {
  std::string file = EncodeSegmentHead(kHeader);
  std::vector<std::string> payloads;  // of seq kHeader.first_seq and on
};

Written WriteRecords(Script& script) {
  Written written;
  const std::size_t count = script.Byte() % kRecordsMax;
  for (std::size_t i = 0; i < count; ++i) {
    const auto flags = static_cast<std::uint8_t>(script.Byte() & kRecordFlagsAll);
    const auto type = static_cast<std::uint8_t>(1 + script.Byte() % 8);
    std::string payload(script.Take(script.Byte()));
    AppendEncodedRecord(written.file, {kHeader.first_seq + i, 7, type, flags, payload},
                        kHeader.salt);
    written.payloads.push_back(std::move(payload));
  }
  return written;
}

// Flips, cuts, doubles and erases bytes.
void Damage(Script& script, std::string& file) {
  while (!script.AtEnd() && !file.empty()) {
    const unsigned kind = script.Byte() % 5;
    const std::size_t at = script.Word() % file.size();
    const std::size_t bytes = script.Byte();
    if (kind == 0) {
      file[at] = static_cast<char>(file[at] ^ (1 << (bytes % 8)));
    } else if (kind == 1) {
      file.resize(at);
    } else if (kind == 2) {
      file.replace(at, bytes, std::string(std::min(bytes, file.size() - at), '\0'));
    } else if (kind == 3) {
      file.insert(at, file.substr(at, bytes));
    } else {
      file.replace(at, bytes, script.Take(bytes));
    }
  }
}

void CheckScan(std::string_view file, const SegmentHeader& header, const Written* written) {
  const SegmentScan scan = ScanSegment(file, header, kNoSeqEnd);
  std::uint64_t records = 0;
  std::uint64_t last_end = 0;
  std::uint64_t next_seq = header.first_seq;
  for (const RecordRun& run : scan.runs) {
    Require(run.first_seq >= next_seq && run.last_seq >= run.first_seq, "sequences rise");
    Require(run.place.begin >= last_end && run.place.end <= file.size() &&
                run.place.begin < run.place.end,
            "runs stand in the file, in order");
    next_seq = run.last_seq + 1;
    last_end = run.place.end;
    for (const RecordView& record :
         ScanRun(file.substr(run.place.begin, run.place.Bytes()), run, header.salt)) {
      ++records;
      if (written == nullptr) continue;
      const std::uint64_t index = record.seq - kHeader.first_seq;
      Require(index < written->payloads.size() && record.payload == written->payloads[index],
              "only what was written is read");
    }
  }
  Require(records == scan.records, "the reader finds what recovery counted");
}

}  // namespace

// First byte odd: the rest is a file. Even: it is a script that writes records and damages them.
void FuzzSpool(std::string_view input) {
  Script script(input);
  if (script.Byte() % 2 == 1) {
    std::string_view file = input.substr(1);
    auto header = DecodeSegmentHead(file);
    CheckScan(file, header.value_or(kHeader), nullptr);
    if (file.size() >= kRecordHeaderBytes) PeekRecord(file);
    return;
  }
  Written written = WriteRecords(script);
  Damage(script, written.file);
  // Recovery leaves files without a head alone.
  auto header = DecodeSegmentHead(written.file);
  if (!header) return;
  Require(*header == kHeader, "a head that can be read is the one that was written");
  CheckScan(written.file, *header, &written);
}

// First byte odd: an event's record; even: outcomes.
void FuzzRecord(std::string_view input) {
  if (input.empty()) return;
  if (input[0] % 2 != 0) {
    auto record = DecodeEventRecord(input.substr(1));
    if (!record) return;
    auto again = DecodeEventRecord(EncodeEventRecord(*record));
    Require(again.has_value() && *again == *record, "records read back");
  } else {
    auto record = DecodeOutcomesRecord(input.substr(1));
    if (!record) return;
    auto again = DecodeOutcomesRecord(EncodeOutcomesRecord(*record));
    Require(again.has_value() && *again == *record, "records read back");
  }
}

}  // namespace mishap
