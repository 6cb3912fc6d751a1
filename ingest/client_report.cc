#include "ingest/client_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kLists[] = {"discarded_events", "rate_limited_events", "filtered_events",
                                       "filtered_sampling_events"};

Category CategoryNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Category::kInternal); ++i) {
    if (CategoryName(static_cast<Category>(i)) == name) return static_cast<Category>(i);
  }
  return Category::kDefault;
}

std::int64_t Quantity(JsonValue value) {
  if (!value.IsNumber()) return 0;
  constexpr double kMax = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::int64_t>(std::clamp(value.AsDouble(), 0.0, kMax));
}

void AddDiscard(JsonValue element, const IngestLimits& limits, Ledger& ledger) {
  if (!element.IsObject()) return;
  std::string reason;
  Category category = Category::kDefault;
  std::int64_t quantity = 0;
  element.EachMember([&](std::string_view key, JsonValue value) {
    if (key == "reason" && value.IsString()) {
      reason = Utf8Prefix(value.Text(), limits.client_report_reason_bytes_max);
    } else if (key == "category" && value.IsString()) {
      category = CategoryNamed(value.Text());
    } else if (key == "quantity") {
      quantity = Quantity(value);
    }
  });
  if (quantity <= 0 || reason.empty()) return;
  ledger.Add(category, Outcome::kClientDiscard, reason, quantity);
}

}  // namespace

Status AddClientReport(std::string_view payload, const IngestLimits& limits, JsonTree& json,
                       Ledger& ledger) {
  if (payload.size() > limits.client_report_bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("a client report may have {} bytes", limits.client_report_bytes_max));
  }
  auto root = json.Parse(payload);
  if (!root) return Fail(root.error());
  if (!root->IsObject()) return Fail(Reason::kInvalidJson, "a client report is a JSON object");
  std::size_t left = limits.client_report_reasons_max;
  root->EachMember([&](std::string_view key, JsonValue list) {
    if (std::find(std::begin(kLists), std::end(kLists), key) == std::end(kLists)) return;
    if (!list.IsArray()) return;
    list.EachElement([&](JsonValue element) {
      if (left == 0) return;
      --left;
      AddDiscard(element, limits, ledger);
    });
  });
  return {};
}

}  // namespace mishap
