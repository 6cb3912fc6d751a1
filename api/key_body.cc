#include "api/key_body.h"

#include <boost/json.hpp>

#include "api/respond.h"
#include "base/bytes.h"
#include "event/dsn.h"

namespace mishap {
namespace {

using Problem = std::optional<HttpMessageResponse>;
constexpr std::int64_t kRateLimitMax = 1'000'000'000;
constexpr std::size_t kNameBytesMax = 64;

Problem TakeName(const boost::json::value& value, KeyBody& out) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) return RespondFieldError({"name"}, "Not a valid string.");
  std::string name(value.get_string().data(), value.get_string().size());
  if (name.size() > kNameBytesMax) {
    return RespondFieldError({"name"}, "Ensure this field has no more than 64 characters.");
  }
  if (name.find('\0') != std::string::npos || !IsUtf8(name)) {
    return RespondFieldError({"name"}, "Not a valid string.");
  }
  out.change.name = std::move(name);
  return std::nullopt;
}

Problem TakeActive(const boost::json::value& value, KeyBody& out) {
  if (!value.is_bool()) return RespondFieldError({"isActive"}, "Must be a valid boolean.");
  out.change.is_active = value.get_bool();
  return std::nullopt;
}

std::optional<std::int64_t> NumberIn(const boost::json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

Problem TakeRateLimit(const boost::json::value& value, KeyBody& out) {
  out.change.rate_limit_count = 0;
  out.change.rate_limit_window_s = 0;
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) return RespondFieldError({"rateLimit"}, "Expected window and count.");
  auto count = NumberIn(value.get_object(), "count");
  auto window = NumberIn(value.get_object(), "window");
  if (!count || *count < 0 || *count > kRateLimitMax) {
    return RespondFieldError({"rateLimit"}, "count must be an integer from 0 to 1000000000.");
  }
  if (!window || *window < 0 || *window > 86'400) {
    return RespondFieldError({"rateLimit"}, "window must be an integer from 0 to 86400 seconds.");
  }
  if (*count > 0 && *window > 0) {
    out.change.rate_limit_count = *count;
    out.change.rate_limit_window_s = *window;
  }
  return std::nullopt;
}

Problem TakeKey(const boost::json::value& value, const char* field,
                std::optional<std::string>& out) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) {
    auto key =
        ParsePublicKey(std::string_view(value.get_string().data(), value.get_string().size()));
    if (key) {
      out = std::move(*key);
      return std::nullopt;
    }
  }
  return RespondFieldError({field}, "Expected 32 hexadecimal digits.");
}

Problem TakeField(std::string_view name, const boost::json::value& value, KeyBody& out) {
  if (name == "name") return TakeName(value, out);
  if (name == "isActive") return TakeActive(value, out);
  if (name == "rateLimit") return TakeRateLimit(value, out);
  if (name == "public") return TakeKey(value, "public", out.public_key);
  if (name == "secret") return TakeKey(value, "secret", out.secret_key);
  return std::nullopt;
}

}  // namespace

tl::expected<KeyBody, HttpMessageResponse> ParseKeyBody(std::string_view body) {
  KeyBody out;
  if (TrimAscii(body).empty()) return out;
  boost::system::error_code error;
  auto value = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) {
    return tl::unexpected(RespondDetail(400, "JSON parse error: the body must be an object."));
  }
  for (const auto& member : value.get_object()) {
    std::string_view name(member.key().data(), member.key().size());
    if (auto problem = TakeField(name, member.value(), out)) {
      return tl::unexpected(std::move(*problem));
    }
  }
  return out;
}

}  // namespace mishap
