#include "ingest/auth.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr int kProtocolVersionMax = 8;
constexpr std::size_t kClientBytesMax = 200;

// What one source says.
struct Claim {
  std::string key;
  std::string version;
  std::string client;
};

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

std::string_view Unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

void SetClaim(Claim& claim, std::string_view name, std::string_view value) {
  if (name == "sentry_key") claim.key = value;
  if (name == "sentry_version") claim.version = value;
  if (name == "sentry_client") claim.client = value;
}

// "sentry_key=k, sentry_version=7,..." behind "Sentry ".
Result<Claim> ParseSentryHeader(std::string_view items) {
  Claim claim;
  while (!items.empty()) {
    std::size_t comma = items.find(',');
    std::string_view item = items.substr(0, comma);
    items = comma == std::string_view::npos ? std::string_view() : items.substr(comma + 1);
    std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    SetClaim(claim, TrimAscii(item.substr(0, equals)), Unquote(TrimAscii(item.substr(equals + 1))));
  }
  if (claim.key.empty()) {
    return Fail(Reason::kUnauthenticated, "the Sentry auth header has no sentry_key");
  }
  return claim;
}

Result<Claim> ParseAuthHeader(std::string_view value) {
  value = TrimAscii(value);
  if (StartsWithIgnoreCase(value, "sentry ")) return ParseSentryHeader(value.substr(7));
  if (StartsWithIgnoreCase(value, "basic ")) {
    auto pair = DecodeBase64(value.substr(6));
    if (!pair || pair->empty()) {
      return Fail(Reason::kUnauthenticated, "the Basic authorization cannot be decoded");
    }
    Claim claim;
    claim.key = pair->substr(0, pair->find(':'));
    return claim;
  }
  return Claim{};  // someone else's scheme: as if absent
}

// The integer part; 0 for anything that is not a number.
int VersionNumber(std::string_view text) {
  int version = 0;
  for (char c : text) {
    if (c == '.') break;
    if (c < '0' || c > '9') return 0;
    version = version * 10 + (c - '0');
    if (version > 1000) break;
  }
  return version;
}

Status Merge(const Claim& claim, Credentials& credentials) {
  if (VersionNumber(claim.version) > kProtocolVersionMax) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("unsupported protocol version; this server speaks up to {}",
                            kProtocolVersionMax));
  }
  if (credentials.sentry_client.empty()) {
    credentials.sentry_client = RepairUtf8(Utf8Prefix(claim.client, kClientBytesMax));
  }
  if (claim.key.empty()) return {};
  auto key = ParsePublicKey(claim.key);
  if (!key) return Fail(key.error());
  if (!credentials.public_key.empty() && credentials.public_key != *key) {
    return Fail(Reason::kUnauthenticated, "the request carries two different public keys");
  }
  credentials.public_key = std::move(*key);
  return {};
}

}  // namespace

QueryParameters ParseQuery(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    std::size_t end = query.find('&');
    std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    std::size_t equals = pair.find('=');
    std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    parameters.emplace_back(PercentDecode(pair.substr(0, equals), true),
                            PercentDecode(value, true));
  }
  return parameters;
}

std::string_view QueryValue(const QueryParameters& query, std::string_view name) {
  for (auto it = query.rbegin(); it != query.rend(); ++it) {
    if (it->first == name) return it->second;
  }
  return {};
}

Result<Credentials> ReadCredentials(const HttpMessageRequest& request, const QueryParameters& query,
                                    std::string_view path_key) {
  Credentials credentials;
  Claim from_query;
  for (const auto& [name, value] : query) SetClaim(from_query, name, value);
  if (Status merged = Merge(from_query, credentials); !merged) return Fail(merged.error());
  for (std::string_view name : {"X-Sentry-Auth", "Authorization"}) {
    std::string_view value = request.Header(name);
    if (value.empty()) continue;
    auto claim = ParseAuthHeader(value);
    if (!claim) return Fail(claim.error());
    if (Status merged = Merge(*claim, credentials); !merged) return Fail(merged.error());
  }
  Claim from_path;
  from_path.key = path_key;
  if (Status merged = Merge(from_path, credentials); !merged) return Fail(merged.error());
  return credentials;
}

Status CheckEnvelopeDsn(const Dsn& dsn, ProjectId url_project, Credentials& credentials) {
  if (url_project && dsn.project != url_project) {
    return Fail(Reason::kInvalidEnvelope,
                "the project of the envelope header's dsn is not the one of the URL");
  }
  if (credentials.public_key.empty()) {
    credentials.public_key = dsn.public_key;
  } else if (credentials.public_key != dsn.public_key) {
    return Fail(Reason::kInvalidEnvelope,
                "the public key of the envelope header's dsn is not the one of the request");
  }
  return {};
}

}  // namespace mishap
