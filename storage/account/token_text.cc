#include "storage/account/token_text.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSecretCharacters = 30;  // 178 bits
constexpr std::size_t kChecksumCharacters = 6;
constexpr std::size_t kOrganizationSecretBytes = 32;

std::uint32_t Crc32(std::string_view text) {
  std::uint32_t crc = 0xFFFF'FFFFu;
  for (char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB8'8320u : 0u);
  }
  return ~crc;
}

std::string Checksum(std::string_view secret) {
  std::string out(kChecksumCharacters, '0');
  std::uint32_t rest = Crc32(secret);
  for (auto at = out.rbegin(); at != out.rend(); ++at) {
    *at = kBase62[rest % kBase62.size()];
    rest /= static_cast<std::uint32_t>(kBase62.size());
  }
  return out;
}

// Every character equally likely: bytes that would favour some are thrown away.
std::string Secret(Random& random) {
  constexpr unsigned kFairBelow = 256 / 62 * 62;
  std::string out;
  while (out.size() < kSecretCharacters) {
    std::array<std::uint8_t, 48> bytes{};
    random.Fill(bytes.data(), bytes.size());
    for (std::uint8_t byte : bytes) {
      if (byte < kFairBelow && out.size() < kSecretCharacters) out += kBase62[byte % 62];
    }
  }
  return out;
}

std::string Base64(std::string_view bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  out.resize(out.find('\0'));
  return out;
}

}  // namespace

std::string MakeTokenText(Random& random, std::string_view kind) {
  const std::string secret = Secret(random);
  return fmt::format("mishap_{}_{}{}", kind, secret, Checksum(secret));
}

std::string MakeOrganizationTokenText(Random& random, const OrganizationTokenClaims& claims) {
  std::string json;
  JsonWriter writer(json);
  // sentry-cli takes 0 for "no token of this kind".
  const auto issued = std::max<std::int64_t>(1, claims.issued_at.micros / kMicrosPerSecond);
  writer.BeginObject().Field("iat", issued);
  for (auto name : {"url", "region_url"}) {
    writer.Key(name);
    claims.url.empty() ? writer.Null() : writer.String(claims.url);
  }
  writer.Field("org", claims.organization).EndObject();
  std::string secret(kOrganizationSecretBytes, '\0');
  random.Fill(secret.data(), secret.size());
  return "sntrys_" + Base64(json, sodium_base64_VARIANT_ORIGINAL) + "_" +
         Base64(secret, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool IsPlausibleToken(std::string_view text) {
  if (!text.starts_with("mishap_")) return true;
  const auto last = text.rfind('_');
  const std::string_view tail = text.substr(last + 1);
  if (tail.size() != kSecretCharacters + kChecksumCharacters) return tail.size() == 64;
  return Checksum(tail.substr(0, kSecretCharacters)) == tail.substr(kSecretCharacters);
}

std::string Sha256(std::string_view text) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return hash;
}

}  // namespace mishap
