#include "api/project/project_settings.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/json_body.h"
#include "api/project/quota_body.h"
#include "api/project/setting_check.h"
#include "api/query_params.h"
#include "api/respond.h"
#include "base/bytes.h"
#include "storage/slug.h"

namespace mishap {
namespace {

namespace bj = boost::json;

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kPlatformBytesMax = 64;
constexpr std::size_t kListItemsMax = 200;
constexpr std::size_t kTextBytesMax = 10'000;
constexpr std::size_t kObjectBytesMax = 10'000;

constexpr std::string_view kQuotaReason = "project_quota";
constexpr std::string_view kAddressesKey = "filtered_addresses";
const std::string kOriginText =
    "an origin: expected a host as example.com or *.example.com, alone or as https://example.com, "
    "or *.";

enum class Kind { kBool, kNumber, kText, kTexts, kObject };

struct Setting {
  const char* field;  // of the API
  const char* key;    // in the stored settings
  Kind kind;
  const char* fallback;  // JSON, where nothing is stored
  std::int64_t min = 0;
  std::int64_t max = 0;
  bool can_be_null = false;  // null takes the setting away
};

constexpr Setting kSettings[] = {
    {"resolveAge", "resolve_age", Kind::kNumber, "0", 0, 8'760},
    {"digestsMinDelay", "digests_min_delay_s", Kind::kNumber, "300", 60, 3'600},
    {"digestsMaxDelay", "digests_max_delay_s", Kind::kNumber, "1800", 60, 86'400},
    {"subjectPrefix", "subject_prefix", Kind::kText, "\"\"", 0, 200},
    {"subjectTemplate", "subject_template", Kind::kText, "\"$shortID - $title\"", 0, 200},
    {"allowedDomains", "allowed_origins", Kind::kTexts, "[\"*\"]"},
    {"dataScrubber", "scrub_data", Kind::kBool, "true"},
    {"dataScrubberDefaults", "scrub_defaults", Kind::kBool, "true"},
    {"safeFields", "safe_fields", Kind::kTexts, "[]"},
    {"sensitiveFields", "sensitive_fields", Kind::kTexts, "[]"},
    {"scrubIPAddresses", "scrub_ip_addresses", Kind::kBool, "false"},
    {"storeCrashReports", "store_crash_reports", Kind::kNumber, "null", -1, 20, true},
    {"securityToken", "security_token", Kind::kText, "\"\"", 0, 100},
    {"securityTokenHeader", "security_token_header", Kind::kText, "null", 0, 100, true},
    {"verifySSL", "verify_ssl", Kind::kBool, "true"},
    {"scrapeJavaScript", "scrape_javascript", Kind::kBool, "false"},
    {"defaultEnvironment", "default_environment", Kind::kText, "null", 0, 64, true},
    {"enableAutoReleaseCreation", "auto_release_creation", Kind::kBool, "true"},
    {"highlightTags", "highlight_tags", Kind::kTexts, "[]"},
    {"highlightContext", "highlight_context", Kind::kObject, "{}"},
    {"spikeProtection", "spike_protection", Kind::kBool, "false"},
    {"retentionDays", "retention_days", Kind::kNumber, "null", 1, 3'650, true},
};

// Custom filters are lists here and lines of a text in the API's `options`.
struct Lines {
  const char* option;
  const char* key;
};
constexpr Lines kLines[] = {{"filters:releases", "filtered_releases"},
                            {"filters:error_messages", "filtered_messages"},
                            {"filters:blacklisted_ips", "filtered_addresses"}};

bool IsTexts(const bj::value& value) {
  if (!value.is_array()) return false;
  for (const auto& item : value.get_array()) {
    if (!item.is_string()) return false;
  }
  return true;
}

bool Fits(Kind kind, const bj::value& value) {
  switch (kind) {
    case Kind::kBool:
      return value.is_bool();
    case Kind::kNumber:
      return value.is_int64();
    case Kind::kText:
      return value.is_string();
    case Kind::kTexts:
      return IsTexts(value);
    case Kind::kObject:
      return value.is_object();
  }
  return false;
}

bj::object Parse(std::string_view text) {
  boost::system::error_code error;
  auto value = bj::parse(bj::string_view(text.data(), text.size()), error);
  return !error && value.is_object() ? value.get_object() : bj::object();
}

bj::value ParseList(std::string_view text) {
  boost::system::error_code error;
  auto value = bj::parse(bj::string_view(text.data(), text.size()), error);
  return !error && value.is_array() ? value : bj::value(bj::array());
}

void WriteOptions(const bj::object& settings, JsonWriter& json) {
  json.Key("options").BeginObject();
  for (const auto& [option, key] : kLines) {
    std::string text;
    const auto* value = settings.if_contains(key);
    if (value && IsTexts(*value)) {
      for (const auto& item : value->get_array()) {
        if (!text.empty()) text += '\n';
        text.append(item.get_string().data(), item.get_string().size());
      }
    }
    json.Field(option, text);
  }
  json.EndObject();
}

bj::array TextsOf(const std::vector<std::string>& texts) {
  bj::array out;
  for (const auto& text : texts) out.emplace_back(bj::string_view(text.data(), text.size()));
  return out;
}

// A field's texts, each of which must be such a thing.
void CheckTexts(JsonBody& body, std::string_view field, const std::vector<std::string>& texts,
                bool (*fits)(std::string_view), const std::string& expected) {
  for (const auto& text : texts) {
    if (!fits(text)) body.Refuse(field, fmt::format("\"{}\" is not {}", text, expected));
  }
}

// The value of one field, checked; nullopt: absent, or refused.
std::optional<bj::value> Take(JsonBody& body, const Setting& setting) {
  switch (setting.kind) {
    case Kind::kBool:
      if (auto value = body.Bool(setting.field)) return bj::value(*value);
      break;
    case Kind::kNumber:
      if (auto value = body.Int(setting.field, setting.min, setting.max)) return bj::value(*value);
      break;
    case Kind::kText:
      if (auto value = body.Text(setting.field, static_cast<std::size_t>(setting.max))) {
        return bj::value(bj::string_view(value->data(), value->size()));
      }
      break;
    case Kind::kTexts:
      if (auto value = body.Texts(setting.field, kListItemsMax, kNameBytesMax)) {
        return TextsOf(*value);
      }
      break;
    case Kind::kObject:
      if (auto value = body.ObjectText(setting.field, kObjectBytesMax)) return Parse(*value);
      break;
  }
  return std::nullopt;
}

void TakeSettings(JsonBody& body, bj::object& out) {
  for (const auto& setting : kSettings) {
    if (!body.Has(setting.field)) continue;
    if (body.IsNull(setting.field)) {
      if (!setting.can_be_null) body.Refuse(setting.field, "This field may not be null.");
      out[setting.key] = nullptr;
    } else if (auto value = Take(body, setting)) {
      out[setting.key] = std::move(*value);
    }
  }
  if (auto origins = body.Texts("allowedDomains", kListItemsMax, kNameBytesMax)) {
    CheckTexts(body, "allowedDomains", *origins, &IsOriginPattern, kOriginText);
  }
  if (body.IsNull("quotas")) out["quotas"] = nullptr;
  if (auto quotas = TakeQuotas(body, kQuotaReason)) out["quotas"] = ParseList(*quotas);
}

bj::array LinesOf(std::string_view text) {
  bj::array out;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = TrimAscii(text.substr(0, end));
    if (!line.empty()) out.emplace_back(bj::string_view(line.data(), line.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void CheckAddresses(JsonBody& options, std::string_view option, const bj::array& lines) {
  std::vector<std::string> texts;
  for (const auto& line : lines) {
    texts.emplace_back(line.get_string().data(), line.get_string().size());
  }
  CheckTexts(options, option, texts, &IsAddressBlock,
             "an address: expected one as 203.0.113.7 or a block as 2001:db8::/32.");
}

void TakeOptions(JsonBody& body, bj::object& out) {
  body.Object("options", [&](JsonBody& options) {
    for (const auto& [option, key] : kLines) {
      auto text = options.Text(option, kTextBytesMax);
      if (!text) continue;
      out[key] = LinesOf(*text);
      if (key == kAddressesKey) CheckAddresses(options, option, out[key].get_array());
      if (out[key].get_array().size() > kListItemsMax) {
        options.Refuse(option, "At most 200 lines.");
      }
    }
  });
}

std::optional<std::string> TakeSlug(JsonBody& body) {
  auto slug = body.Text("slug", kProjectSlugBytesMax);
  if (!slug) return std::nullopt;
  *slug = ToLowerAscii(TrimAscii(*slug));
  if (auto fine = CheckSlug(*slug, kProjectSlugBytesMax); !fine) {
    body.Refuse("slug", fine.error().detail);
  }
  return slug;
}

}  // namespace

void WriteProjectSettings(std::string_view settings_json, JsonWriter& json) {
  const auto settings = Parse(settings_json);
  for (const auto& setting : kSettings) {
    json.Key(setting.field);
    const auto* value = settings.if_contains(setting.key);
    if (value && Fits(setting.kind, *value)) {
      json.Raw(std::string(bj::serialize(*value)));
    } else {
      json.Raw(setting.fallback);
    }
  }
  const auto* quotas = settings.if_contains("quotas");
  WriteQuotasField(quotas ? std::string(bj::serialize(*quotas)) : "[]", kQuotaReason, json);
  WriteOptions(settings, json);
}

tl::expected<ProjectChange, HttpMessageResponse> ParseProjectChange(std::string_view text) {
  JsonBody body(text);
  ProjectChange out;
  if (body.Has("name")) out.name = body.RequiredText("name", kNameBytesMax);
  if (body.Has("slug")) {
    out.slug = TakeSlug(body);
    if (!out.slug) body.Refuse("slug", "This field may not be null.");
  }
  if (body.Has("platform")) out.platform = body.Text("platform", kPlatformBytesMax).value_or("");
  bj::object settings;
  TakeSettings(body, settings);
  TakeOptions(body, settings);
  if (body.Problem()) return tl::unexpected(*body.Problem());
  if (!settings.empty()) out.settings_json = bj::serialize(settings);
  return out;
}

tl::expected<NewProjectBody, HttpMessageResponse> ParseNewProject(std::string_view text) {
  JsonBody body(text);
  NewProjectBody out;
  out.name = body.RequiredText("name", 50);
  out.platform = body.Text("platform", kPlatformBytesMax).value_or("");
  out.slug = TakeSlug(body).value_or(SlugOfName(out.name));
  if (out.slug.empty()) body.Refuse("slug", "The name makes no slug: give one.");
  if (body.Problem()) return tl::unexpected(*body.Problem());
  return out;
}

std::string SlugOfName(std::string_view name) {
  std::string out;
  for (char c : ToLowerAscii(name)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (kept) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && (out.back() == '-' || out.back() == '_')) out.pop_back();
  while (!out.empty() && out.front() == '_') out.erase(0, 1);
  if (IdOfPath(out)) out = "project-" + out;
  return out;
}

}  // namespace mishap
