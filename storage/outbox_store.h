// The outbox (decisions 1.12): effects written by the digest transaction, delivered at least once
// with a stable id.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

using DeliveryId = Id128<struct DeliveryIdTag>;

struct OutboxRow {
  ProjectId project;
  DeliveryId delivery;  // the same for every attempt
  std::string kind;     // issue_new | issue_regressed
  IssueId issue;
  std::optional<EventId> event;
  std::string body_json;
  Timestamp created_at;
  int attempts = 0;  // this one included
};

// Claims up to `rows_max` due rows, oldest first, for `hidden_s` seconds: who dies in between loses
// nothing, the rows come back. Rows another server holds are skipped.
Result<std::vector<OutboxRow>> ClaimOutbox(Session& session, int rows_max, int hidden_s);
Status MarkDelivered(Session& session, ProjectId project, DeliveryId delivery);
Status MarkFailed(Session& session, ProjectId project, DeliveryId delivery, std::string_view error,
                  int retry_in_s);
// Removes up to `rows_max` rows delivered more than `days` days ago; returns how many.
Result<std::int64_t> PurgeOutbox(Session& session, int days, int rows_max);

}  // namespace mishap
