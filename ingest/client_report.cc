#include "ingest/client_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "ingest/normalise_limits.h"
#include "ingest/scrub_text.h"
#include "ingest/typed/json_fields.h"

namespace mishap {
namespace {

constexpr std::string_view kLists[] = {"discarded_events", "rate_limited_events", "filtered_events",
                                       "filtered_sampling_events"};
constexpr std::size_t kCategoryBytesMax = 64;

std::int64_t QuantityIn(const JsonFields& fields) {
  auto value = fields.Find("quantity");
  if (!value || !value->IsNumber()) return 0;
  constexpr double kMax = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::int64_t>(std::clamp(value->AsDouble(), 0.0, kMax));
}

// Reasons are words of SDKs, but nothing keeps a program from putting a text there.
std::string WithoutSecret(std::string reason) {
  std::string_view rule;
  auto clean = WithoutSecrets(reason, TextRules{}, rule);
  return clean ? std::move(*clean) : std::move(reason);
}

void AddDiscard(JsonValue element, const IngestLimits& limits, ClientReport& report) {
  const JsonFields fields(element);
  ClientDiscard discard;
  discard.reason = WithoutSecret(fields.Text("reason", limits.client_report_reason_bytes_max));
  discard.category = fields.Text("category", kCategoryBytesMax);
  if (discard.category.empty()) discard.category = CategoryName(Category::kDefault);
  discard.quantity = QuantityIn(fields);
  if (discard.quantity <= 0 || discard.reason.empty()) return;
  for (ClientDiscard& known : report.discards) {
    if (known.reason != discard.reason || known.category != discard.category) continue;
    known.quantity += discard.quantity;
    return;
  }
  report.discards.push_back(std::move(discard));
}

}  // namespace

Result<ClientReport> ReadClientReport(std::string_view payload, Timestamp received_at,
                                      const IngestLimits& limits, JsonTree& json) {
  if (payload.size() > limits.client_report_bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("a client report may have {} bytes", limits.client_report_bytes_max));
  }
  auto root = json.Parse(payload);
  if (!root) return Fail(root.error());
  if (!root->IsObject()) return Fail(Reason::kInvalidJson, "a client report is a JSON object");
  ClientReport report;
  const auto at = JsonFields(*root).Time("timestamp").value_or(received_at);
  const bool near =
      at.micros >= received_at.micros - kDriftMin && at.micros <= received_at.micros + kDriftMin;
  report.timestamp = near ? at : received_at;
  std::size_t left = limits.client_report_reasons_max;
  root->EachMember([&](std::string_view key, JsonValue list) {
    if (std::find(std::begin(kLists), std::end(kLists), key) == std::end(kLists)) return;
    if (!list.IsArray()) return;
    list.EachElement([&](JsonValue element) {
      if (left == 0) return;
      --left;
      AddDiscard(element, limits, report);
    });
  });
  return report;
}

}  // namespace mishap
