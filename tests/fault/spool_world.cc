#include "tests/fault/spool_world.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <utility>

namespace mishap {
namespace {

constexpr const char* kDirectory = "disk/spool";
constexpr std::uint64_t kLives = 6;
constexpr std::uint64_t kRecordsPerEnvelopeMax = 4;

// "envelope index " and then noise, so that a record tells which one it must be.
std::optional<std::pair<std::size_t, std::size_t>> NameIn(std::string_view payload) {
  std::size_t envelope = 0;
  std::size_t index = 0;
  const char* end = payload.data() + payload.size();
  auto first = std::from_chars(payload.data(), end, envelope);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return {};
  auto second = std::from_chars(first.ptr + 1, end, index);
  if (second.ec != std::errc()) return {};
  return std::pair(envelope, index);
}

}  // namespace

void WorldCounts::Add(const WorldCounts& other) {
  appends += other.appends;
  acked += other.acked;
  failed += other.failed;
  unknown += other.unknown;
  delivered_records += other.delivered_records;
  crashes += other.crashes;
  faults += other.faults;
}

void SpoolWorld::SeededRandom::Fill(void* out, std::size_t bytes) {
  auto* at = static_cast<unsigned char*>(out);
  for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<unsigned char>(engine_());
}

SpoolWorld::SpoolWorld(std::uint64_t seed, Lie lie)
    : seed_(seed),
      lie_(lie),
      random_(seed),
      disk_(seed + 1),
      env_(disk_, lie),
      spool_random_(seed + 2) {
  options_.segment_bytes = 8192 + Pick(4) * 8192;
  options_.group_bytes_max = 4096 + Pick(3) * 8192;
  options_.group_records_max = static_cast<std::uint32_t>(1 + Pick(20));
  (void)disk_.CreateDirectory("disk");
  (void)disk_.SyncDirectory("");
}

SpoolWorld::~SpoolWorld() {
  Shut();
}

std::optional<std::string> SpoolWorld::Run() {
  for (std::uint64_t life = 0; life < kLives && !violation_; ++life) {
    PlanFaults();
    if (Open()) Live(20 + Pick(60));
    // Whatever life was going on ends here: by the planned crash, a cut at this very moment, or in
    // good order.
    if (!disk_.IsDown() && Pick(4) > 0) disk_.CrashAt(1, SimulatedEnv::Crash::kPower);
    Shut();
    ++counts_.crashes;
    disk_.Restart();
  }
  disk_.ClearFaults();
  if (!violation_ && !Open()) Violate("the spool does not start");
  if (!violation_) Settle();
  Shut();
  return violation_;
}

void SpoolWorld::Violate(const std::string& what) {
  if (!violation_) violation_ = fmt::format("seed {}: {}", seed_, what);
}

void SpoolWorld::PlanFaults() {
  if (Pick(3) > 0) {
    disk_.CrashAt(1 + Pick(120),
                  Pick(3) == 0 ? SimulatedEnv::Crash::kProcess : SimulatedEnv::Crash::kPower);
  }
  if (Pick(4) == 0) {
    disk_.FailAt(1 + Pick(100), Pick(3) == 0 ? Reason::kOverloaded : Reason::kUnavailable);
    write_failed_ = true;
    ++counts_.faults;
  }
}

// False when the machine goes down meanwhile. A transient error is tried again, as a supervisor
// would.
bool SpoolWorld::Open() {
  for (int attempt = 0; attempt < 3 && !disk_.IsDown(); ++attempt) {
    auto spool = LocalSpool::Open(env_, kDirectory, options_, spool_random_, clock_,
                                  LocalSpool::Driver::kCaller);
    if (!spool) continue;
    spool_ = *std::move(spool);
    if (!write_failed_ && spool_->Stats().next_seq < position_) {
      Violate(fmt::format("records up to {} were delivered, after the crash the spool ends at {}",
                          position_ - 1, spool_->Stats().next_seq - 1));
    }
    if (Status status = spool_->AdvanceTo(position_); !status) Violate(status.error().detail);
    return true;
  }
  return false;
}

void SpoolWorld::Shut() {
  spool_.reset();
  for (Envelope& envelope : ledger_) {
    if (envelope.answer == Answer::kNone && !envelope.refused) ++counts_.unknown;
  }
}

void SpoolWorld::Live(std::uint64_t steps) {
  for (std::uint64_t i = 0; i < steps && !disk_.IsDown() && !violation_; ++i) Step();
}

void SpoolWorld::Step() {
  switch (Pick(10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      for (std::uint64_t n = 1 + Pick(4); n > 0; --n) AppendOne();
      break;
    case 4:
    case 5:
    case 6:
      spool_->WriteNextGroup();
      break;
    case 7:
      Consume(1 + Pick(30));
      break;
    case 8:
      if (Pick(2) == 0) spool_->Release(position_);
      break;
    default:
      clock_.micros += static_cast<std::int64_t>(Pick(30)) * kMicrosPerSecond;
  }
}

std::vector<NewRecord> SpoolWorld::MakeRecords(std::size_t envelope) {
  std::vector<NewRecord> records(1 + Pick(kRecordsPerEnvelopeMax));
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].type = static_cast<RecordType>(1 + Pick(8));
    records[i].project = ProjectId{static_cast<std::int64_t>(1 + Pick(5))};
    records[i].payload = fmt::format("{} {} ", envelope, i);
    // Lengths around the sector's, and now and then one bigger than a group.
    std::string noise(Pick(40) == 0 ? Pick(30000) : Pick(900), '\0');
    for (char& c : noise) c = static_cast<char>(random_());
    records[i].payload += noise;
  }
  return records;
}

void SpoolWorld::AppendOne() {
  const std::size_t number = ledger_.size();
  ledger_.push_back({MakeRecords(number), Answer::kNone, false, 0});
  ++counts_.appends;
  auto done = [this, number](const Status& status) {
    Envelope& envelope = ledger_[number];
    if (envelope.answer != Answer::kNone)
      Violate(fmt::format("envelope {} answered twice", number));
    envelope.answer = status ? Answer::kAcked : Answer::kFailed;
    ++(status ? counts_.acked : counts_.failed);
  };
  std::vector<NewRecord> records = ledger_[number].records;
  Status taken = lie_ == Lie::kEarlyAck ? AppendAnsweringEarly(*spool_, std::move(records), done)
                                        : spool_->Append(std::move(records), done);
  if (!taken) ledger_[number].refused = true;
}

// As the digest: store, and move the position, in one transaction.
void SpoolWorld::Consume(std::size_t records_max) {
  auto batch = spool_->Read(position_, records_max, 1 + Pick(20000), std::chrono::milliseconds(0));
  if (!batch) return;  // the disk did not answer: nothing is stored, tried again later
  for (const SpoolRecord& record : *batch) Deliver(record);
}

void SpoolWorld::Deliver(const SpoolRecord& record) {
  ++counts_.delivered_records;
  if (record.seq < position_) return Violate(fmt::format("seq {} came again", record.seq));
  position_ = record.seq + 1;
  auto name = NameIn(record.payload);
  if (!name || name->first >= ledger_.size() ||
      name->second >= ledger_[name->first].records.size()) {
    return Violate(fmt::format("seq {} was never appended", record.seq));
  }
  auto [number, index] = *name;
  Envelope& envelope = ledger_[number];
  const NewRecord& sent = envelope.records[index];
  if (sent.payload != record.payload || sent.project != record.project ||
      static_cast<std::uint8_t>(sent.type) != record.type) {
    return Violate(fmt::format("seq {} is not what was appended", record.seq));
  }
  if (envelope.refused) return Violate(fmt::format("envelope {} was refused and stored", number));
  const std::uint64_t key = (number + 1) * kRecordsPerEnvelopeMax + index;
  if (key <= last_key_) return Violate(fmt::format("envelope {} came twice or late", number));
  last_key_ = key;
  ++envelope.delivered;
}

void SpoolWorld::Settle() {
  while (spool_->WriteNextGroup()) {
  }
  for (std::uint64_t before = position_ + 1; before != position_ && !violation_;) {
    before = position_;
    Consume(100);
  }
  for (std::size_t i = 0; i < ledger_.size(); ++i) {
    const Envelope& envelope = ledger_[i];
    if (envelope.answer == Answer::kAcked && envelope.delivered == 0) {
      Violate(fmt::format("envelope {} was acknowledged and is lost", i));
    }
    if (envelope.delivered != 0 && envelope.delivered != envelope.records.size()) {
      Violate(fmt::format("envelope {}: {} of {} records", i, envelope.delivered,
                          envelope.records.size()));
    }
  }
}

}  // namespace mishap
