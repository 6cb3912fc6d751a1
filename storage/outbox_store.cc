#include "storage/outbox_store.h"

#include <algorithm>

#include "storage/pqxx_session.h"

namespace mishap {

Result<std::vector<OutboxRow>> ClaimOutbox(Session& session, int rows_max, int hidden_s) {
  return Transact(session, [&](Work& work) {
    std::vector<OutboxRow> out;
    for (const pqxx::row& row : work.Run("outbox_claim", rows_max, hidden_s)) {
      OutboxRow claimed;
      claimed.project = ProjectId{row[0].as<std::int64_t>()};
      claimed.delivery = DeliveryId{EventIdOf(row[1]).bytes};
      claimed.kind = row[2].c_str();
      claimed.issue = IssueId{row[3].as<std::int64_t>()};
      if (!row[4].is_null()) claimed.event = EventIdOf(row[4]);
      claimed.body_json = row[5].c_str();
      claimed.created_at = TimestampOf(row[6]);
      claimed.attempts = row[7].as<int>();
      out.push_back(std::move(claimed));
    }
    std::stable_sort(out.begin(), out.end(), [](const OutboxRow& a, const OutboxRow& b) {
      return a.created_at < b.created_at;
    });
    return out;
  });
}

Status MarkDelivered(Session& session, ProjectId project, DeliveryId delivery) {
  return Transact(session, [&](Work& work) { work.Run("outbox_delivered", project, delivery); });
}

Status MarkFailed(Session& session, ProjectId project, DeliveryId delivery, std::string_view error,
                  int retry_in_s) {
  return Transact(session, [&](Work& work) {
    work.Run("outbox_failed", project, delivery, error, retry_in_s);
  });
}

Result<std::int64_t> PurgeOutbox(Session& session, int days, int rows_max) {
  return Transact(session, [&](Work& work) {
    return static_cast<std::int64_t>(work.Run("outbox_purge", days, rows_max).affected_rows());
  });
}

}  // namespace mishap
