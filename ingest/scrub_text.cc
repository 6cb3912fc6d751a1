#include "ingest/scrub_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "ingest/scrub_shapes.h"

namespace mishap {
namespace {

bool StartsWithWord(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (LowerOf(text[i]) != lower[i]) return false;
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

bool IsEmailCharacter(char c) {
  return IsAlnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

}  // namespace

bool ContainsIgnoreCase(std::string_view text, std::string_view lower_part) {
  if (lower_part.empty()) return false;
  for (std::size_t i = 0; i + lower_part.size() <= text.size(); ++i) {
    if (LowerOf(text[i]) == lower_part[0] && StartsWithWord(text.substr(i), lower_part))
      return true;
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
    if (LowerOf(c) == 'b' && WordAt(rest) == 'b') {
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

constexpr int kPassesMax = 4;

}  // namespace

std::optional<std::string> WithoutSecrets(std::string_view text, TextRules rules,
                                          std::string_view& rule) {
  std::optional<std::string> clean = SecretFinder(text, rules).Run(rule);
  // What is cut out may bring the ends of another secret together.
  for (int pass = 1; clean && pass < kPassesMax; ++pass) {
    auto cleaner = SecretFinder(*clean, rules).Run(rule);
    if (!cleaner) break;
    clean = std::move(cleaner);
  }
  return clean;
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
