#include "api/authentication.h"

#include <sodium.h>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kTokenBytesMax = 4096;

}  // namespace

std::optional<std::string> TokenOf(const HttpMessageRequest& request) {
  auto header = TrimAscii(request.Header("Authorization"));
  auto blank = header.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  auto scheme = header.substr(0, blank);
  auto credentials = TrimAscii(header.substr(blank + 1));
  if (credentials.empty() || credentials.size() > kTokenBytesMax) return std::nullopt;
  if (EqualsIgnoreCase(scheme, "bearer")) return std::string(credentials);
  if (!EqualsIgnoreCase(scheme, "basic")) return std::nullopt;
  auto decoded = DecodeBase64(credentials);
  if (!decoded) return std::nullopt;
  auto user = decoded->substr(0, decoded->find(':'));
  if (user.empty()) return std::nullopt;
  return user;
}

std::string HashToken(std::string_view token) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return hash;
}

}  // namespace mishap
