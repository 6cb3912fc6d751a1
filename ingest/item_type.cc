#include "ingest/item_type.h"

namespace mishap {
namespace {

struct Entry {
  std::string_view name;
  ItemType type;
};

constexpr Entry kTypes[] = {
    {"event", ItemType::kEvent},
    {"transaction", ItemType::kTransaction},
    {"attachment", ItemType::kAttachment},
    {"session", ItemType::kSession},
    {"sessions", ItemType::kSession},
    {"user_report", ItemType::kUserReport},
    {"feedback", ItemType::kFeedback},
    {"client_report", ItemType::kClientReport},
    {"check_in", ItemType::kCheckIn},
    {"security", ItemType::kSecurity},
    {"raw_security", ItemType::kSecurity},
    {"nel", ItemType::kSecurity},
    {"log", ItemType::kLog},
    {"trace_metric", ItemType::kTraceMetric},
    {"span", ItemType::kSpan},
    {"otel_span", ItemType::kSpan},
    {"profile", ItemType::kProfile},
    {"profile_chunk", ItemType::kProfile},
    {"profile_chunk_ui", ItemType::kProfile},
    {"replay_event", ItemType::kReplay},
    {"replay_recording", ItemType::kReplay},
    {"replay_video", ItemType::kReplay},
    {"statsd", ItemType::kMetricBucket},
    {"metric_buckets", ItemType::kMetricBucket},
    {"metric_meta", ItemType::kMetricBucket},
};

}  // namespace

ItemType ItemTypeNamed(std::string_view name) {
  for (const Entry& entry : kTypes) {
    if (entry.name == name) return entry.type;
  }
  return ItemType::kUnknown;
}

Category CategoryOf(ItemType type) {
  switch (type) {
    case ItemType::kEvent:
      return Category::kError;
    case ItemType::kTransaction:
      return Category::kTransaction;
    case ItemType::kAttachment:
      return Category::kAttachment;
    case ItemType::kSession:
      return Category::kSession;
    case ItemType::kUserReport:
    case ItemType::kFeedback:
      return Category::kFeedback;
    case ItemType::kClientReport:
      return Category::kInternal;
    case ItemType::kCheckIn:
      return Category::kMonitor;
    case ItemType::kSecurity:
      return Category::kSecurity;
    case ItemType::kLog:
      return Category::kLogItem;
    case ItemType::kTraceMetric:
      return Category::kTraceMetric;
    case ItemType::kSpan:
      return Category::kSpan;
    case ItemType::kProfile:
      return Category::kProfile;
    case ItemType::kReplay:
      return Category::kReplay;
    case ItemType::kMetricBucket:
      return Category::kMetricBucket;
    case ItemType::kUnknown:
      return Category::kDefault;
  }
  return Category::kDefault;
}

bool IsPayloadIgnored(ItemType type) {
  switch (type) {
    case ItemType::kLog:
    case ItemType::kTraceMetric:
    case ItemType::kSpan:
    case ItemType::kProfile:
    case ItemType::kReplay:
    case ItemType::kMetricBucket:
    case ItemType::kUnknown:
      return true;
    default:
      return false;
  }
}

}  // namespace mishap
