#include "api/project/quota_body.h"

#include <algorithm>
#include <limits>

namespace mishap {
namespace {

constexpr std::size_t kCategoriesMax = 20;
constexpr std::size_t kNameBytesMax = 64;

bool IsReason(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Quota TakeQuota(JsonBody& item, std::string_view default_reason) {
  Quota quota;
  quota.reason = default_reason;
  const auto names = item.Texts("categories", kCategoriesMax, kNameBytesMax);
  for (const auto& name : names.value_or(std::vector<std::string>())) {
    if (auto category = CategoryNamed(name)) {
      quota.categories.push_back(*category);
    } else {
      item.Refuse("categories", "No such category: " + name + ".");
    }
  }
  auto limit = item.Int("limit", 0, std::numeric_limits<std::int64_t>::max());
  if (!limit) item.Refuse("limit", "This field is required.");
  auto window = item.Int("window", 1, kQuotaWindowSecondsMax);
  if (!window) item.Refuse("window", "This field is required: seconds, 1 to 31 days.");
  quota.limit = limit.value_or(0);
  quota.window_s = window.value_or(1);
  if (auto reason = item.Text("reason", kNameBytesMax)) {
    if (!IsReason(*reason)) item.Refuse("reason", "Use the letters a-z, digits and _ only.");
    quota.reason = *reason;
  }
  return quota;
}

}  // namespace

std::optional<std::string> TakeQuotas(JsonBody& body, std::string_view default_reason) {
  std::vector<Quota> quotas;
  const bool given = body.Objects("quotas", kQuotasMax, [&](JsonBody& item) {
    quotas.push_back(TakeQuota(item, default_reason));
  });
  if (!given || body.Problem()) return std::nullopt;
  return WriteQuotas(quotas);
}

void WriteQuotasField(std::string_view stored_json, std::string_view default_reason,
                      JsonWriter& json) {
  json.Key("quotas").Raw(WriteQuotas(ParseQuotas(stored_json, default_reason)));
}

}  // namespace mishap
