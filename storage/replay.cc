#include "storage/replay.h"

#include <algorithm>

#include "storage/read_rows.h"

namespace mishap {
namespace {

Hash128 HashOf(const std::string& bytes) {
  Hash128 hash;
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
  return hash;
}

}  // namespace

Result<std::vector<ReplayRow>> ReadReplayRows(Session& session, const Scope& scope,
                                              ProjectId project, std::int64_t after, int limit) {
  return Read(session, [&](Work& work) {
    std::vector<ReplayRow> out;
    for (const auto& row :
         work.Run("replay_rows", ArrayParam(scope.Projects()), project, after, limit)) {
      ReplayRow item;
      item.row = row["id"].as<std::int64_t>();
      item.algorithm = static_cast<std::int16_t>(row["algorithm"].as<int>());
      item.kind = static_cast<std::int16_t>(row["kind"].as<int>());
      item.hash = HashOf(BytesOf(row["hash"]));
      item.issue = row["issue_id"].as<std::int64_t>();
      item.is_active = row["state"].as<int>() == 0;
      if (!row["payload"].is_null()) item.payload = BytesOf(row["payload"]);
      out.push_back(std::move(item));
    }
    return out;
  });
}

Result<std::vector<ReplayEvent>> ReadReplayEvents(Session& session, const Scope& scope,
                                                  ProjectId project, const EventId& after,
                                                  int limit) {
  return Read(session, [&](Work& work) {
    std::vector<ReplayEvent> out;
    for (const auto& row :
         work.Run("replay_events", ArrayParam(scope.Projects()), project, after, limit)) {
      ReplayEvent item;
      item.id = EventIdOf(row["event_id"]);
      item.row = row["hash_row"].as<std::int64_t>();
      item.issue = row["issue_id"].as<std::int64_t>();
      item.payload = BytesOf(row["payload"]);
      out.push_back(std::move(item));
    }
    return out;
  });
}

Result<std::int64_t> CountReplayEvents(Session& session, const Scope& scope, ProjectId project) {
  return Read(session, [&](Work& work) {
    return work.Run("replay_count", ArrayParam(scope.Projects()), project)[0][0].as<std::int64_t>();
  });
}

}  // namespace mishap
