// Bytes of a record's payload: little-endian numbers of fixed width, which read at a glance in a
// hex dump. Private to event's codecs (record.cc, typed_record.cc).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace mishap {

inline constexpr std::uint8_t kRecordVersion = 1;

class RecordWriter {
 public:
  explicit RecordWriter(std::string& out) : out_(out) {
    out_.push_back(static_cast<char>(kRecordVersion));
  }

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
  template <class Tag>
  void Id(const Id128<Tag>& id) {
    out_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  }

 private:
  std::string& out_;
};

class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : rest_(bytes) {}

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
  template <class Id>
  Id Id128Of() {
    Id id;
    std::string_view taken = Take(id.bytes.size());
    if (!taken.empty()) std::memcpy(id.bytes.data(), taken.data(), id.bytes.size());
    return id;
  }
  std::string_view Text() { return Take(Number<std::uint32_t>()); }
  std::string_view Rest() { return Take(rest_.size()); }
  bool Ok() const { return ok_; }
  bool Done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

inline tl::unexpected<Error> DamagedRecord(std::string_view what) {
  return Fail(Reason::kInternal, "the spool holds a damaged " + std::string(what) + " record");
}

}  // namespace mishap
