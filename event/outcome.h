// Outcomes: what became of each item. Every item a client sent ends in exactly one
// (ingest-protocol 8.2, 8.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap {

// What quotas and outcomes count by; names are stored, not numbers (ingest-protocol 8.2).
enum class Category : std::uint8_t {
  kDefault,
  kError,
  kTransaction,
  kSecurity,
  kAttachment,
  kSession,
  kProfile,
  kReplay,
  kMonitor,
  kFeedback,
  kSpan,
  kLogItem,
  kTraceMetric,
  kMetricBucket,
  kInternal,  // client reports and the like: never limited
};
std::string_view CategoryName(Category category);
// nullopt for a name this version does not know.
std::optional<Category> CategoryNamed(std::string_view name);

enum class Outcome : std::uint8_t {
  kAccepted = 0,
  kFiltered = 1,
  kRateLimited = 2,
  kInvalid = 3,
  kAbuse = 4,
  kClientDiscard = 5,
};
std::string_view OutcomeName(Outcome outcome);

// `quantity` items of one kind that ended the same way. reason: "" for accepted, else a name of
// ingest-protocol 8.3.
struct OutcomeCount {
  ProjectId project;
  KeyId key;            // none when the key was unknown
  Timestamp timestamp;  // the door's clock; storage floors it to the hour
  Category category = Category::kDefault;
  Outcome outcome = Outcome::kAccepted;
  std::string reason;
  std::int64_t quantity = 1;

  bool operator==(const OutcomeCount&) const = default;
};

}  // namespace mishap
