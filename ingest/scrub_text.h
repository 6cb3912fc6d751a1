// What counts as a secret in names and texts: hand-written matchers, each linear in the text.
// Private to scrub*.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mishap {

inline constexpr std::string_view kFiltered = "[Filtered]";

// password, secret, api_key, auth, credentials, private-key ... anywhere in any case; "token...="
// and "token...:".
bool HasSecretWord(std::string_view text);
// HasSecretWord, or "token" anywhere.
bool IsSecretName(std::string_view name);
// Session and anti-forgery cookies of the usual frameworks.
bool IsSessionCookie(std::string_view name);
// ASCII case ignored.
bool ContainsIgnoreCase(std::string_view text, std::string_view lower_part);

struct TextRules {
  bool shapes = true;  // cards, accounts, keys, credentials
  bool emails = false;
  bool addresses = false;  // IP addresses
  bool typed = false;      // "[creditcard]" rather than "[Filtered]"
};
// `text` without card numbers, bank accounts, US social security numbers, keys in PEM, bearer
// tokens and passwords in URLs. nullopt: nothing found. `rule` gets the name of the last rule that
// acted.
std::optional<std::string> WithoutSecrets(std::string_view text, TextRules rules,
                                          std::string_view& rule);

// Quick: false only if neither a name nor a text in this JSON can match any default rule.
bool MayHoldSecrets(std::string_view json);

}  // namespace mishap
