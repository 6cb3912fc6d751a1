// Little-endian numbers, LEB128-free on purpose: fixed widths read at a glance in a hex dump.
#include "event/record.h"

#include <cstring>

namespace mishap {
namespace {

constexpr std::uint8_t kVersion = 1;

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) { out_.push_back(static_cast<char>(kVersion)); }

  template <class T>
  void Number(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);  // x86-64 and arm64 are little-endian
    out_.append(bytes, sizeof value);
  }
  void Text(std::string_view text) {
    Number(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }

 private:
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T Number() {
    T value{};
    if (rest_.size() < sizeof value) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view Take(std::size_t bytes) {
    if (rest_.size() < bytes) {
      ok_ = false;
      return {};
    }
    std::string_view out = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return out;
  }
  std::string_view Text() { return Take(Number<std::uint32_t>()); }
  std::string_view Rest() { return Take(rest_.size()); }
  bool Ok() const { return ok_; }
  bool Done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

tl::unexpected<Error> Damaged(std::string_view what) {
  return Fail(Reason::kInternal, "the spool holds a damaged " + std::string(what) + " record");
}

}  // namespace

std::string EncodeEventRecord(const EventRecord& record) {
  std::string out;
  out.reserve(record.payload.size() + 40);
  Writer writer(out);
  out.append(reinterpret_cast<const char*>(record.event_id.bytes.data()), 16);
  writer.Number(record.received_at.micros);
  writer.Number(record.key.value);
  writer.Number(static_cast<std::uint8_t>(record.category));
  out += record.payload;
  return out;
}

Result<EventRecord> DecodeEventRecord(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.Number<std::uint8_t>() != kVersion) return Damaged("event");
  EventRecord record;
  std::string_view id = reader.Take(16);
  if (!id.empty()) std::memcpy(record.event_id.bytes.data(), id.data(), 16);
  record.received_at.micros = reader.Number<std::int64_t>();
  record.key.value = reader.Number<std::int64_t>();
  auto category = reader.Number<std::uint8_t>();
  if (category > static_cast<std::uint8_t>(Category::kInternal)) return Damaged("event");
  record.category = static_cast<Category>(category);
  record.payload = reader.Rest();
  if (!reader.Ok()) return Damaged("event");
  return record;
}

std::string EncodeOutcomesRecord(const OutcomesRecord& record) {
  std::string out;
  Writer writer(out);
  writer.Number(static_cast<std::uint32_t>(record.counts.size()));
  for (const OutcomeCount& count : record.counts) {
    writer.Number(count.project.value);
    writer.Number(count.key.value);
    writer.Number(count.timestamp.micros);
    writer.Number(static_cast<std::uint8_t>(count.category));
    writer.Number(static_cast<std::uint8_t>(count.outcome));
    writer.Text(count.reason);
    writer.Number(count.quantity);
  }
  return out;
}

Result<OutcomesRecord> DecodeOutcomesRecord(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.Number<std::uint8_t>() != kVersion) return Damaged("outcomes");
  auto size = reader.Number<std::uint32_t>();
  OutcomesRecord record;
  for (std::uint32_t i = 0; i < size && reader.Ok(); ++i) {
    OutcomeCount count;
    count.project.value = reader.Number<std::int64_t>();
    count.key.value = reader.Number<std::int64_t>();
    count.timestamp.micros = reader.Number<std::int64_t>();
    auto category = reader.Number<std::uint8_t>();
    auto outcome = reader.Number<std::uint8_t>();
    if (category > static_cast<std::uint8_t>(Category::kInternal) ||
        outcome > static_cast<std::uint8_t>(Outcome::kClientDiscard)) {
      return Damaged("outcomes");
    }
    count.category = static_cast<Category>(category);
    count.outcome = static_cast<Outcome>(outcome);
    count.reason = reader.Text();
    count.quantity = reader.Number<std::int64_t>();
    record.counts.push_back(std::move(count));
  }
  if (!reader.Done()) return Damaged("outcomes");
  return record;
}

}  // namespace mishap
