// The texts of API tokens and how they are told apart from typing mistakes without a database.
//   mishap_<kind>_<30 base62><6 base62 of their CRC-32>   users and processes
//   sntrys_<base64 JSON>_<43 characters base64>            organizations: what sentry-cli
//   understands
// For secret scanners: mishap_[a-z]+_[0-9A-Za-z]{36} and sntrys_[0-9A-Za-z+/=]+_[0-9A-Za-z+/]{43}.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace mishap {

// kind: "user", "process".
std::string MakeTokenText(Random& random, std::string_view kind);

struct OrganizationTokenClaims {
  std::string organization;  // slug; overrides what the client is configured with
  std::string url;           // where the client is to call; empty: null, its own setting holds
  Timestamp issued_at;
};
std::string MakeOrganizationTokenText(Random& random, const OrganizationTokenClaims& claims);

// False: no token of ours can look like this. Texts in older or unknown forms pass.
bool IsPlausibleToken(std::string_view text);

// 32 bytes: the only form in which a token, cookie or link meets the database.
std::string Sha256(std::string_view text);

}  // namespace mishap
