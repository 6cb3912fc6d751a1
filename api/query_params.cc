#include "api/query_params.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace mishap {

QueryParams QueryParams::Parse(std::string_view raw) {
  QueryParams out;
  while (raw.starts_with('?')) raw.remove_prefix(1);
  while (!raw.empty()) {
    auto end = raw.find('&');
    auto pair = raw.substr(0, end);
    if (!pair.empty()) {
      auto equals = pair.find('=');
      auto value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
      out.values_.emplace_back(PercentDecode(pair.substr(0, equals), true),
                               PercentDecode(value, true));
    }
    if (end == std::string_view::npos) break;
    raw.remove_prefix(end + 1);
  }
  return out;
}

void QueryParams::Add(std::string_view name, std::string value) {
  values_.emplace_back(std::string(name), std::move(value));
}

bool QueryParams::Has(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& value) { return value.first == name; });
}

std::optional<std::string> QueryParams::Get(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string QueryParams::GetOr(std::string_view name, std::string_view fallback) const {
  auto value = Get(name);
  return value ? *value : std::string(fallback);
}

std::vector<std::string> QueryParams::All(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : values_) {
    if (key == name) out.push_back(value);
  }
  return out;
}

bool QueryParams::IsText() const {
  return std::all_of(values_.begin(), values_.end(), [](const auto& value) {
    return IsStorableText(value.first) && IsStorableText(value.second);
  });
}

bool QueryParams::IsTrue(std::string_view name) const {
  auto value = Get(name);
  return value && (*value == "1" || EqualsIgnoreCase(*value, "true"));
}

bool IsStorableText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && IsUtf8(text);
}

std::optional<std::int64_t> ParseDigits(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::int64_t out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace mishap
