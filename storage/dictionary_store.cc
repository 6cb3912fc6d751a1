#include "storage/dictionary_store.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"

namespace mishap {

Status AddDictionary(Session& session, std::uint32_t id, std::string_view bytes) {
  return Transact(session, [&](Work& work) -> Status {
    const auto key = static_cast<std::int64_t>(id);
    work.Run("dictionary_insert", key, BytesParam(bytes));
    if (BytesOf(work.Run("dictionary_bytes", key)[0][0]) == bytes) return {};
    return Fail(Reason::kConflict,
                fmt::format("dictionary {} is stored already, with other bytes", id));
  });
}

Result<std::vector<StoredDictionary>> LoadDictionaries(Session& session) {
  return Read(session, [](Work& work) {
    std::vector<StoredDictionary> out;
    for (const pqxx::row& row : work.Run("dictionary_list")) {
      out.push_back({static_cast<std::uint32_t>(row[0].as<std::int64_t>()), BytesOf(row[1])});
    }
    return out;
  });
}

}  // namespace mishap
