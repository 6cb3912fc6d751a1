// The hash rows of an issue with the explanation of each.
#include "base/bytes.h"
#include "storage/read_events.h"
#include "storage/read_rows.h"

namespace mishap {
namespace {

std::string KindName(int kind) {
  static constexpr const char* kNames[] = {"", "site", "message", "alias", "custom"};
  return kind >= 1 && kind <= 4 ? kNames[kind] : "unknown";
}

std::string OriginName(int origin) {
  static constexpr const char* kNames[] = {"first", "alias", "version", "merge", "similar"};
  return origin >= 0 && origin <= 4 ? kNames[origin] : "unknown";
}

HashRow HashRowOf(const pqxx::row& row) {
  HashRow out;
  out.hash = EncodeHex(BytesOf(row["hash"]));
  out.algorithm = "g" + TextOf(row["algorithm"]);
  out.kind = KindName(row["kind"].as<int>());
  out.origin = OriginName(row["origin"].as<int>());
  out.times_seen = row["times_seen"].as<std::int64_t>();
  out.first_seen = TimestampOf(row["first_seen"]);
  out.last_seen = TimestampOf(row["last_seen"]);
  out.last_event_id = EventIdOf(row["last_event_id"]);
  if (!row["explanation"].is_null()) out.explanation = BytesOf(row["explanation"]);
  return out;
}

}  // namespace

Result<std::vector<HashRow>> ReadHashes(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) {
    std::vector<HashRow> out;
    for (const auto& row : work.Run("hash_list", ArrayParam(scope.Projects()), issue)) {
      out.push_back(HashRowOf(row));
    }
    return out;
  });
}

}  // namespace mishap
