#include "ingest/scrub_text.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace mishap {
namespace {

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsAlnum(char c) {
  return IsDigit(c) || IsAlpha(c);
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool StartsWithWord(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (Lower(text[i]) != lower[i]) return false;
  }
  return true;
}

// Four letters as one number, case folded. Folding maps '_' to DEL, which no text of interest
// holds.
constexpr std::uint32_t Pack(const char* four) {
  std::uint32_t packed = 0;
  for (int i = 0; i < 4; ++i) {
    packed |= static_cast<std::uint32_t>(static_cast<unsigned char>(four[i]) | 0x20) << (8 * i);
  }
  return packed;
}

// The longest tail that must follow the packed start; empty strings match at once. nullopt: no word
// starts like this.
std::optional<std::string_view> WordRest(std::uint32_t start) {
  switch (start) {
    case Pack("pass"):
      return "w";  // password, passwd: told apart by their next letters
    case Pack("secr"):
      return "et";
    case Pack("apik"):
      return "ey";
    case Pack("api-"):
    case Pack("api_"):
      return "key";
    case Pack("auth"):
      return "";
    case Pack("cred"):
      return "entials";
    case Pack("mysq"):
      return "l_pwd";
    case Pack("priv"):
      return "ate";
    case Pack("toke"):
      return "n";
    case Pack("bear"):
      return "er ";
    default:
      return std::nullopt;
  }
}

constexpr std::array<bool, 256> MakeStarts(std::string_view letters) {
  std::array<bool, 256> table{};
  for (char c : letters) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto kWordStarts = MakeStarts("pPsSaAcCmMtTbB");

std::uint32_t Load4(const char* text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word | 0x20202020U;
}

// What stands at `text`, which starts with a letter of kWordStarts: 0 nothing, 's' a secret word,
// 't' token, 'b' bearer.
char WordAt(std::string_view text) {
  if (text.size() < 4) return 0;
  auto rest = WordRest(Load4(text.data()));
  if (!rest || !StartsWithWord(text.substr(4), *rest)) return 0;
  if (*rest == "n") return 't';
  if (*rest == "er ") return 'b';
  if (*rest == "w") {
    return StartsWithWord(text, "password") || StartsWithWord(text, "passwd") ? 's' : 0;
  }
  if (*rest == "ate") {
    return StartsWithWord(text, "privatekey") || StartsWithWord(text, "private-key") ||
                   StartsWithWord(text, "private_key")
               ? 's'
               : 0;
  }
  return 's';
}

// Digits of a card number that starts at text[0], or 0. Blanks and dashes may stand between digits.
std::size_t CardLength(std::string_view text) {
  std::size_t wanted = 0;
  const bool two = text.size() > 1;
  if (text[0] == '3' && two && (text[1] == '4' || text[1] == '7')) wanted = 15;
  if (text[0] == '4') wanted = 16;
  if (text[0] == '5' && two && text[1] >= '1' && text[1] <= '5') wanted = 16;
  if (text.starts_with("65") || text.starts_with("6011")) wanted = 16;
  std::size_t digits = 0;
  std::size_t i = 0;
  while (wanted != 0 && i < text.size() && digits < wanted) {
    if (IsDigit(text[i])) {
      ++digits;
    } else if ((text[i] != ' ' && text[i] != '-') || !IsDigit(text[i - 1])) {
      return 0;
    }
    ++i;
  }
  bool ends = i == text.size() || !IsAlnum(text[i]);
  return wanted != 0 && digits == wanted && ends ? i : 0;
}

// 078-05-1120
std::size_t SocialSecurityLength(std::string_view text) {
  constexpr std::string_view kShape = "ddd-dd-dddd";
  if (text.size() < kShape.size()) return 0;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !IsDigit(text[i]) : text[i] != '-') return 0;
  }
  bool ends =
      text.size() == kShape.size() || (!IsAlnum(text[kShape.size()]) && text[kShape.size()] != '-');
  return ends ? kShape.size() : 0;
}

// Country, check digits, 11 to 30 letters and digits; the check digits must be right, or every hex
// id would do.
std::size_t BankAccountLength(std::string_view text) {
  if (text.size() < 15 || !IsAlpha(text[0]) || !IsAlpha(text[1]) || !IsDigit(text[2]) ||
      !IsDigit(text[3])) {
    return 0;
  }
  std::size_t end = 4;
  while (end < text.size() && end <= 34 && IsAlnum(text[end])) ++end;
  if (end < 15 || end > 34) return 0;
  unsigned remainder = 0;
  for (std::size_t i = 0; i < end; ++i) {
    char c = Lower(text[(i + 4) % end]);
    unsigned value = static_cast<unsigned>(IsDigit(c) ? c - '0' : c - 'a' + 10);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1 ? end : 0;
}

// An IP address at text[0].
std::size_t AddressLength(std::string_view text) {
  std::size_t end = 0;
  std::size_t colons = 0;
  std::size_t dots = 0;
  while (end < text.size() && end < 46) {
    char c = text[end];
    bool hex = IsDigit(c) || (Lower(c) >= 'a' && Lower(c) <= 'f');
    if (!hex && c != ':' && c != '.') break;
    colons += c == ':';
    dots += c == '.';
    ++end;
  }
  while (end > 0 &&
         (text[end - 1] == '.' || (text[end - 1] == ':' && !text.substr(0, end).ends_with("::")))) {
    dots -= text[--end] == '.';
  }
  if (colons < 2 && dots != 3) return 0;
  std::string candidate(text.substr(0, colons < 2 ? text.substr(0, end).find(':') : end));
  unsigned char bytes[16];
  bool valid = inet_pton(colons < 2 ? AF_INET : AF_INET6, candidate.c_str(), bytes) == 1;
  return valid ? candidate.size() : 0;
}

// Between "-----BEGIN ... KEY-----" and "-----END": [start, end) of the body.
std::pair<std::size_t, std::size_t> PemBody(std::string_view text) {
  if (!text.starts_with("-----BEGIN ")) return {0, 0};
  std::size_t close = text.find("-----", 11);
  if (close == std::string_view::npos || close > 80) return {0, 0};
  if (text.substr(0, close).find("KEY") == std::string_view::npos) return {0, 0};
  std::size_t start = close + 5;
  std::size_t end = text.find("-----END", start);
  if (end == std::string_view::npos) end = text.size();
  return {start, end};
}

// text starts with "//": length of "user:password" behind it, or 0.
std::size_t UrlCredentialsLength(std::string_view text) {
  std::size_t colon = 0;
  for (std::size_t i = 2; i < text.size(); ++i) {
    char c = text[i];
    if (c == '@') return colon != 0 ? i - 2 : 0;
    if (c == ':' && colon == 0) colon = i;
    if (IsBlank(c) || c == '/' || c == '"' || c == '<' || c == '\'' || c == '?') return 0;
  }
  return 0;
}

bool IsEmailCharacter(char c) {
  return IsAlnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

}  // namespace

bool ContainsIgnoreCase(std::string_view text, std::string_view lower_part) {
  if (lower_part.empty()) return false;
  for (std::size_t i = 0; i + lower_part.size() <= text.size(); ++i) {
    if (Lower(text[i]) == lower_part[0] && StartsWithWord(text.substr(i), lower_part)) return true;
  }
  return false;
}

bool HasSecretWord(std::string_view text) {
  if (EqualsIgnoreCase(text, "otp") || EqualsIgnoreCase(text, "two-factor") ||
      EqualsIgnoreCase(text, "two_factor")) {
    return true;
  }
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    if (!kWordStarts[static_cast<unsigned char>(text[i])]) continue;
    char word = WordAt(text.substr(i));
    if (word == 's') return true;
    if (word != 't') continue;
    while (i < text.size() && !IsBlank(text[i])) {
      if (text[i] == ':' || text[i] == '=') return true;
      ++i;
    }
  }
  return false;
}

bool IsSecretName(std::string_view name) {
  return HasSecretWord(name) || ContainsIgnoreCase(name, "token");
}

bool IsSessionCookie(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "sentrysid",   "sudo",          "su",          "session",   "__session",  "sessionid",
      "connect.sid", "user_session",  "symfony",     "phpsessid", "jsessionid", "fasthttpsessionid",
      "mysession",   "irissessionid", "_vercel_jwt", "csrf",      "xsrf",       "_xsrf",
      "_csrf",       "csrf-token",    "csrf_token",  "csrftoken", "xsrf-token", "xsrf_token",
      "fastcsrf",    "_iris_csrf"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return EqualsIgnoreCase(name, known); });
}

namespace {

// One pass over a text; copies what is harmless and replaces what is not.
class SecretFinder {
 public:
  SecretFinder(std::string_view text, TextRules rules) : text_(text), rules_(rules) {}

  std::optional<std::string> Run(std::string_view& rule) {
    while (pos_ < text_.size()) {
      if (!Step()) ++pos_;
    }
    if (!found_) return std::nullopt;
    out_ += text_.substr(copied_);
    rule = rule_;
    return std::move(out_);
  }

 private:
  // True if something at pos_ was replaced and pos_ moved.
  bool Step() {
    char c = text_[pos_];
    const char before = pos_ == 0 ? ' ' : text_[pos_ - 1];
    std::string_view rest = text_.substr(pos_);
    if (rules_.addresses && (IsAlnum(c) || c == ':') && !IsAlnum(before) && before != '.' &&
        before != ':') {
      if (Replace(AddressLength(rest), "@ip", "[ip]")) return true;
    }
    if (!rules_.shapes) return false;
    if (IsDigit(c)) {
      // Part of a longer number or name: not a card of its own.
      if (IsAlnum(before) || (before == '.' && pos_ >= 2 && IsDigit(text_[pos_ - 2]))) return false;
      if (Replace(CardLength(rest), "@creditcard", "[creditcard]")) return true;
      return before != '-' && Replace(SocialSecurityLength(rest), "@usssn", "[us-ssn]");
    }
    if (c == '/' && rest.starts_with("//")) return ReplaceCredentials(rest);
    if (c == '-') return ReplaceKey(rest);
    if (c == '@' && rules_.emails) return ReplaceEmail();
    if (!IsAlpha(c) || IsAlnum(before)) return false;
    if (Lower(c) == 'b' && WordAt(rest) == 'b') {
      std::size_t end = 7;
      while (end < rest.size() && !IsBlank(rest[end]) && rest[end] != '"') ++end;
      if (rest.substr(7, kFiltered.size()) == kFiltered) return false;
      return end > 7 && Replace(end, "@bearer", "[token]");
    }
    return Replace(BankAccountLength(rest), "@iban", "[iban]");
  }

  bool Replace(std::size_t length, std::string_view rule, std::string_view typed) {
    if (length == 0) return false;
    out_ += text_.substr(copied_, pos_ - copied_);
    out_ += rules_.typed ? typed : kFiltered;
    pos_ += length;
    copied_ = pos_;
    rule_ = rule;
    found_ = true;
    return true;
  }

  bool ReplaceCredentials(std::string_view rest) {
    std::size_t length = UrlCredentialsLength(rest);
    if (length == 0) return false;
    pos_ += 2;
    return Replace(length, "@urlauth", kFiltered);
  }

  bool ReplaceKey(std::string_view rest) {
    auto [start, end] = PemBody(rest);
    std::string_view body = rest.substr(start, end - start);
    if (end <= start || TrimAscii(body) == kFiltered) return false;
    pos_ += start;
    return Replace(end - start, "@pemkey", kFiltered);
  }

  bool ReplaceEmail() {
    std::size_t start = pos_;
    while (start > copied_ && IsEmailCharacter(text_[start - 1])) --start;
    std::size_t end = pos_ + 1;
    std::size_t dot = 0;
    while (end < text_.size() && (IsAlnum(text_[end]) || text_[end] == '.' || text_[end] == '-')) {
      if (text_[end] == '.' && end + 1 < text_.size() && IsAlnum(text_[end + 1])) dot = end;
      ++end;
    }
    while (end > pos_ && !IsAlnum(text_[end - 1])) --end;
    if (start == pos_ || dot == 0) return false;
    pos_ = start;
    return Replace(end - start, "@email", "[email]");
  }

  std::string_view text_;
  TextRules rules_;
  std::string out_;
  std::size_t pos_ = 0;
  std::size_t copied_ = 0;  // text before this is in out_
  std::string_view rule_;
  bool found_ = false;
};

}  // namespace

std::optional<std::string> WithoutSecrets(std::string_view text, TextRules rules,
                                          std::string_view& rule) {
  return SecretFinder(text, rules).Run(rule);
}

bool MayHoldSecrets(std::string_view json) {
  static constexpr auto kInteresting =
      MakeStarts("pPsSaAcCmMtTbBoO0123456789/-ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  constexpr std::size_t kCardDigitsMin = 15;
  std::size_t digits = 0;  // in a run that blanks and dashes do not end
  for (std::size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (!kInteresting[static_cast<unsigned char>(c)]) {
      if (c != ' ') digits = 0;
      continue;
    }
    std::string_view rest = json.substr(i);
    if (IsDigit(c)) {
      if (++digits >= kCardDigitsMin) return true;
      continue;
    }
    if (c == '-') {
      if (rest.starts_with("-----BEGIN")) return true;
      constexpr std::size_t kArea = 3;  // of a social security number: ddd-dd-dddd
      if (i >= kArea && SocialSecurityLength(json.substr(i - kArea)) != 0) return true;
      continue;
    }
    digits = 0;
    if (c == '/') {
      if (rest.starts_with("//") && UrlCredentialsLength(rest) != 0) return true;
      continue;
    }
    if (rest.size() < 4) continue;
    if (WordAt(rest) != 0 || Load4(rest.data()) == Pack("two-") ||
        Load4(rest.data()) == Pack("two_") || StartsWithWord(rest, "otp")) {
      return true;
    }
    bool account =
        c <= 'Z' && IsAlpha(c) && IsAlpha(rest[1]) && IsDigit(rest[2]) && IsDigit(rest[3]);
    if (account) return true;
  }
  return false;
}

}  // namespace mishap
