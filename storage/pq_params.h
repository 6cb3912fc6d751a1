// Parameters of the digest writer's statements in PostgreSQL's binary format: arrays, one per
// column, for `unnest($1::bigint[], $2::text[], ...)`. Knows nothing of connections.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap {

// PostgreSQL counts microseconds from 2000-01-01.
inline constexpr std::int64_t kPostgresEpochMicros = 946'684'800LL * kMicrosPerSecond;
inline constexpr std::int64_t kPostgresEpochDays = 10957;

template <class T>
void AppendBigEndian(std::string& out, T value) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  char bytes[sizeof(T)];
  for (std::size_t i = sizeof(T); i-- > 0;) {
    bytes[i] = static_cast<char>(bits & 0xff);
    bits = static_cast<decltype(bits)>(bits >> (sizeof(T) > 1 ? 8 : 0));
  }
  out.append(bytes, sizeof bytes);
}

// One array parameter under construction. The Add functions belong to the element type; one array
// takes one of them.
class PqArray {
 public:
  enum class Type : std::uint32_t {  // OIDs of the elements
    kBool = 16,
    kBytes = 17,
    kInt8 = 20,
    kInt2 = 21,
    kInt4 = 23,
    kText = 25,
    kDate = 1082,
    kTime = 1184,
    kUuid = 2950,
  };
  explicit PqArray(Type type);

  void Int8(std::int64_t v) { Number(v); }
  void Int4(std::int32_t v) { Number(v); }
  void Int2(std::int16_t v) { Number(v); }
  void Bool(bool v) { Number(static_cast<std::int8_t>(v)); }
  void Time(Timestamp t) { Number(t.micros - kPostgresEpochMicros); }
  void Day(std::int32_t days_since_1970) {
    Number(static_cast<std::int32_t>(days_since_1970 - kPostgresEpochDays));
  }
  void Bytes(std::string_view v) {
    AppendBigEndian(bytes_, static_cast<std::int32_t>(v.size()));
    bytes_.append(v);
    ++count_;
  }
  void Text(std::string_view v) { Bytes(v); }
  template <class Tag>
  void Uuid(const Id128<Tag>& id) {
    Bytes({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  }
  void Null() {
    AppendBigEndian(bytes_, std::int32_t{-1});
    nulls_ = true;
    ++count_;
  }

  std::int32_t Count() const { return count_; }
  std::string Finish() &&;  // the whole value

 private:
  template <class T>
  void Number(T v) {
    AppendBigEndian(bytes_, static_cast<std::int32_t>(sizeof(T)));
    AppendBigEndian(bytes_, v);
    ++count_;
  }

  Type type_;
  std::int32_t count_ = 0;
  bool nulls_ = false;
  std::string bytes_;  // with room for the header in front
};

// $1, $2, ... of one statement, all binary.
class PqParams {
 public:
  PqParams& Int8(std::int64_t v);
  PqParams& Int4(std::int32_t v);
  PqParams& Bytes(std::string_view v);
  PqParams& Text(std::string_view v) { return Bytes(v); }
  PqParams& Day(std::int32_t days_since_1970);
  PqParams& Array(PqArray&& array);

  const std::vector<std::string>& Values() const { return values_; }

 private:
  std::vector<std::string> values_;
};

}  // namespace mishap
