#include "event/quota.h"

#include <algorithm>

#include "base/json_writer.h"
#include "event/json_tree.h"

namespace mishap {
namespace {

constexpr std::size_t kReasonBytesMax = 64;

bool IsReason(std::string_view text) {
  return !text.empty() && text.size() <= kReasonBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool ReadCategories(JsonValue list, std::vector<Category>& out) {
  bool known = list.IsArray();
  if (!known) return false;
  list.EachElement([&](JsonValue element) {
    auto category = element.IsString() ? CategoryNamed(element.Text()) : std::nullopt;
    if (category) {
      out.push_back(*category);
    } else {
      known = false;
    }
  });
  return known;
}

bool ReadQuota(JsonValue value, Quota& quota) {
  if (!value.IsObject()) return false;
  bool has_limit = false;
  bool fits = true;
  value.EachMember([&](std::string_view key, JsonValue member) {
    if (key == "categories") fits &= ReadCategories(member, quota.categories);
    if (key == "limit" && member.IsInt()) {
      has_limit = true;
      quota.limit = member.Int();
    }
    if (key == "window" && member.IsInt()) quota.window_s = member.Int();
    if (key == "reason" && member.IsString()) quota.reason = member.Text();
  });
  return fits && has_limit && quota.limit >= 0 && quota.window_s >= 1 &&
         quota.window_s <= kQuotaWindowSecondsMax && IsReason(quota.reason);
}

}  // namespace

bool IsErrorLike(Category category) {
  return category == Category::kError || category == Category::kDefault ||
         category == Category::kSecurity;
}

bool Quota::Covers(Category category) const {
  if (category == Category::kInternal) return false;  // client reports are never limited
  if (categories.empty()) return true;
  return std::any_of(categories.begin(), categories.end(), [&](Category own) {
    return own == category || (own == Category::kError && IsErrorLike(category));
  });
}

std::vector<Quota> ParseQuotas(std::string_view json, std::string_view default_reason) {
  std::vector<Quota> quotas;
  JsonTree tree;
  auto root = tree.Parse(json);
  if (!root || !root->IsArray()) return quotas;
  root->EachElement([&](JsonValue element) {
    Quota quota;
    quota.reason = default_reason;
    if (quotas.size() < kQuotasMax && ReadQuota(element, quota)) {
      quotas.push_back(std::move(quota));
    }
  });
  return quotas;
}

std::string WriteQuotas(const std::vector<Quota>& quotas) {
  std::string text;
  JsonWriter json(text);
  json.BeginArray();
  for (const Quota& quota : quotas) {
    json.BeginObject().Key("categories").BeginArray();
    for (Category category : quota.categories) json.String(CategoryName(category));
    json.EndArray().Field("limit", quota.limit).Field("window", quota.window_s);
    json.Field("reason", quota.reason).EndObject();
  }
  json.EndArray();
  return text;
}

}  // namespace mishap
