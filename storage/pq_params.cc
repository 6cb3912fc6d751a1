#include "storage/pq_params.h"

#include <utility>

namespace mishap {
namespace {

constexpr std::size_t kHeaderBytes = 20;  // dimensions, has-null, type, length, lower bound

}  // namespace

PqArray::PqArray(Type type) : type_(type), bytes_(kHeaderBytes, '\0') {}

std::string PqArray::Finish() && {
  std::string header;
  AppendBigEndian(header, std::int32_t{1});
  AppendBigEndian(header, static_cast<std::int32_t>(nulls_));
  AppendBigEndian(header, static_cast<std::uint32_t>(type_));
  AppendBigEndian(header, count_);
  AppendBigEndian(header, std::int32_t{1});
  bytes_.replace(0, kHeaderBytes, header);
  return std::move(bytes_);
}

PqParams& PqParams::Int8(std::int64_t v) {
  AppendBigEndian(values_.emplace_back(), v);
  return *this;
}

PqParams& PqParams::Int4(std::int32_t v) {
  AppendBigEndian(values_.emplace_back(), v);
  return *this;
}

PqParams& PqParams::Bytes(std::string_view v) {
  values_.emplace_back(v);
  return *this;
}

PqParams& PqParams::Day(std::int32_t days_since_1970) {
  return Int4(static_cast<std::int32_t>(days_since_1970 - kPostgresEpochDays));
}

PqParams& PqParams::Array(PqArray&& array) {
  values_.push_back(std::move(array).Finish());
  return *this;
}

}  // namespace mishap
