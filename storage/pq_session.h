// PqSession: the digest writer's own libpq connection. Prepared statements with binary parameters
// and results, binary COPY, one transaction at a time. Inside storage only; why not libpqxx:
// docs/adr/0002.
//
// Errors are thrown as SqlFailure and caught in one place, DigestWriter's entry points: the steps
// of a transaction read as what they do.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "storage/pq_params.h"

namespace mishap {

struct SqlFailure {
  std::string sqlstate;  // empty: the connection is gone
  std::string detail;    // for people, in the server's language and with the client's texts in it
  std::string constraint = {};  // the violated one's name; empty: none was
};

// Rows of one statement, in binary.
class PqRows {
 public:
  explicit PqRows(PGresult* result) : result_(result, PQclear) {}

  int Count() const { return PQntuples(result_.get()); }
  // Rows an INSERT, UPDATE or DELETE without RETURNING touched.
  std::int64_t Affected() const;
  std::int64_t Int8(int row, int column) const { return Number<std::int64_t>(row, column); }
  std::int32_t Int4(int row, int column) const { return Number<std::int32_t>(row, column); }
  std::int16_t Int2(int row, int column) const { return Number<std::int16_t>(row, column); }
  bool Bool(int row, int column) const { return *Data(row, column) != 0; }
  std::string_view Bytes(int row, int column) const {
    return {Data(row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

 private:
  const char* Data(int row, int column) const { return PQgetvalue(result_.get(), row, column); }
  template <class T>
  T Number(int row, int column) const {
    std::make_unsigned_t<T> value = 0;
    const char* bytes = Data(row, column);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<std::make_unsigned_t<T>>((static_cast<std::uint64_t>(value) << 8) |
                                                   static_cast<unsigned char>(bytes[i]));
    }
    return static_cast<T>(value);
  }

  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

class PqSession {
 public:
  // Connects. Throws SqlFailure.
  PqSession(const std::string& conninfo, int lock_timeout_ms);

  // Named SQL (sql.h), prepared on first use. Throws SqlFailure.
  PqRows Run(std::string_view name, const PqParams& params = {});
  // Settings and transaction control, no rows wanted. Throws SqlFailure.
  void Execute(const char* sql);
  // Binary COPY: `rows` as CopyRows makes them. Throws SqlFailure.
  void Copy(std::string_view name, std::string_view rows);
  // After a failure: ends the transaction if the connection lives. False: it does not.
  bool Rollback() noexcept;

  int BackendPid() const { return PQbackendPID(connection_.get()); }

 private:
  [[noreturn]] void Throw(const PGresult* result) const;
  void Prepare(std::string_view name);

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::set<std::string, std::less<>> prepared_;
};

// The byte stream of a binary COPY, row by row: StartRow(columns), then one value per column.
class CopyRows {
 public:
  CopyRows();
  void Reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void StartRow(std::int16_t columns) { AppendBigEndian(bytes_, columns); }
  void Int8(std::int64_t v) { Number(v); }
  void Int4(std::int32_t v) { Number(v); }
  void Int2(std::int16_t v) { Number(v); }
  void Time(Timestamp t) { Number(t.micros - kPostgresEpochMicros); }
  void Bytes(std::string_view v) {
    AppendBigEndian(bytes_, static_cast<std::int32_t>(v.size()));
    bytes_.append(v);
  }
  template <class Tag>
  void Uuid(const Id128<Tag>& id) {
    Bytes({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  }
  void Null() { AppendBigEndian(bytes_, std::int32_t{-1}); }
  // Ends the stream.
  std::string Finish() &&;

 private:
  template <class T>
  void Number(T v) {
    AppendBigEndian(bytes_, static_cast<std::int32_t>(sizeof(T)));
    AppendBigEndian(bytes_, v);
  }

  std::string bytes_;
};

}  // namespace mishap
