#include "storage/dead_letter_store.h"

#include <fmt/format.h>

#include <cstring>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

std::string_view BytesView(const SpoolId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

DeadLetterRow LetterOf(const pqxx::row& row) {
  DeadLetterRow letter;
  letter.project = ProjectId{row[0].as<std::int64_t>()};
  const std::string spool = BytesOf(row[1]);
  if (spool.size() == letter.spool.bytes.size()) {
    std::memcpy(letter.spool.bytes.data(), spool.data(), spool.size());
  }
  letter.seq = row[2].as<std::uint64_t>();
  letter.type = static_cast<std::uint8_t>(row[3].as<int>());
  letter.reason = row[4].c_str();
  letter.detail = row[5].c_str();
  letter.created_at = TimestampOf(row[6]);
  letter.payload_bytes = row[7].as<std::uint64_t>();
  letter.payload = BytesOf(row[8]);
  return letter;
}

Error NoLetter(SpoolId spool, std::uint64_t seq) {
  return {Reason::kNotFound,
          fmt::format("there is no dead letter {} of spool {}", seq, ToHex(spool))};
}

}  // namespace

Result<std::vector<DeadLetterRow>> ListDeadLetters(Session& session, int rows_max) {
  return Read(session, [&](Work& work) {
    std::vector<DeadLetterRow> out;
    for (const pqxx::row& row : work.Run("dead_letter_list", rows_max)) {
      out.push_back(LetterOf(row));
    }
    return out;
  });
}

Result<DeadLetterRow> ShowDeadLetter(Session& session, SpoolId spool, std::uint64_t seq) {
  return Read(session, [&](Work& work) -> Result<DeadLetterRow> {
    const pqxx::result rows = work.Run("dead_letter_show", BytesParam(BytesView(spool)), seq);
    if (rows.empty()) return Fail(NoLetter(spool, seq));
    return LetterOf(rows[0]);
  });
}

Status DeleteDeadLetter(Session& session, SpoolId spool, std::uint64_t seq) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("dead_letter_delete", BytesParam(BytesView(spool)), seq).affected_rows() == 0) {
      return Fail(NoLetter(spool, seq));
    }
    return {};
  });
}

}  // namespace mishap
