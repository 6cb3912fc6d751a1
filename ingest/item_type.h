// ItemType: the item types of the protocol, the category each is counted in and what Mishap does
// with it today (ingest-protocol 5).
#pragma once

#include <string_view>

#include "event/outcome.h"

namespace mishap {

enum class ItemType {
  kEvent,
  kTransaction,
  kAttachment,
  kSession,  // session and sessions
  kUserReport,
  kFeedback,
  kClientReport,
  kCheckIn,
  kSecurity,
  kLog,
  kTraceMetric,
  kSpan,
  kProfile,
  kReplay,
  kMetricBucket,
  kUnknown,
};

ItemType ItemTypeNamed(std::string_view name);
Category CategoryOf(ItemType type);

// True for types whose payload nobody looks at: a wrong length there costs only the item
// (decisions 3.6).
bool IsPayloadIgnored(ItemType type);

}  // namespace mishap
