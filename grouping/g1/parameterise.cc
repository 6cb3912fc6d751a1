// The pass itself: walks blank-separated chunks, lets the matchers of text_tokens.h try where a
// token may begin, and looks a second time at chunks in which none was found.
#include "grouping/g1/parameterise.h"

#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/technical_words.h"
#include "grouping/g1/text_second_look.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

// Rounds until a text is stable: one for nearly all, two for words with digits inside.
constexpr int kRoundsMax = 4;

class TextScanner {
 public:
  TextScanner(std::string_view text, std::string& out, std::vector<TextToken>* tokens)
      : s_(text), out_(out), base_(out.size()), tokens_(tokens) {}

  // True if the result has to be read once more: a replacement inside a word made new borders.
  bool Run() {
    while (at_ < s_.size()) {
      if (s_[at_] == ' ') {
        out_.push_back(' ');
        ++at_;
        continue;
      }
      std::size_t end = at_;
      std::uint8_t classes = 0;
      while (end < s_.size() && s_[end] != ' ') classes |= ClassOf(s_[end++]);
      if ((classes & (kDigit | kSignal)) == 0) {
        PlainChunk(end, classes);
      } else {
        Chunk(end, classes);
      }
    }
    return glued_;
  }

 private:
  // --- chunks ---

  // Letters and harmless marks only: nothing but a keyword of a code or a date can begin here.
  void PlainChunk(std::size_t end, std::uint8_t classes) {
    if ((classes & kPlainMark) == 0) {
      const bool number_follows = end + 1 < s_.size() && IsDigit(s_[end + 1]);
      if (BeginsKeyword(s_[at_]) && KeywordToken()) return;
      if (number_follows) {  // "tls 1.2"
        if (const std::size_t n = MatchTechnicalWord(s_, at_); n > 0) {
          Keep(n, "word");
          return;
        }
      }
      Copy(end - at_);
      return;
    }
    while (at_ < end) {
      if (IsWord(s_[at_])) {
        if (BeginsKeyword(s_[at_]) && KeywordToken()) continue;
        Copy(RunLength(s_, at_, IsWord));
      } else {
        Copy(1);
      }
    }
  }

  void Chunk(std::size_t end, std::uint8_t classes) {
    const std::size_t begin = at_;
    const std::size_t out_begin = out_.size();
    const std::string_view chunk = s_.substr(begin, end - begin);
    found_ = false;
    has_at_ = (classes & kSignal) != 0 && chunk.find('@') != std::string_view::npos;
    const bool dotted = (classes & kSignal) != 0 && chunk.find('.') != std::string_view::npos;
    host_tried_ = dotted ? 0 : end;
    while (at_ < end) {
      const char c = s_[at_];
      if (!IsWord(c)) {
        if (!MarkToken(c)) Copy(1);
      } else if (!WordToken()) {
        Copy(RunLength(s_, at_, IsWord));
      }
    }
    if (!found_ && (classes & kDigit) != 0) {
      out_.resize(out_begin);
      glued_ = LookAgain(chunk, begin, out_, tokens_) || glued_;
    }
  }

  // --- first pass ---

  bool KeywordToken() {
    if (const std::size_t n = MatchCode(s_, at_); n > 0) return Keep(n, "code");
    if (IsUpper(s_[at_])) {
      if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
    }
    return false;
  }

  bool WordToken() {
    const char c = s_[at_];
    return IsDigit(c) ? DigitWord() : LetterWord(c);
  }

  bool LetterWord(char c) {
    const std::size_t word = RunLength(s_, at_, IsWord);
    const std::size_t end = at_ + word;
    const char next = end < s_.size() ? s_[end] : '\0';
    const bool digit_follows = end + 1 < s_.size() && IsDigit(s_[end + 1]);
    const bool has_digit = std::any_of(s_.begin() + static_cast<std::ptrdiff_t>(at_),
                                       s_.begin() + static_cast<std::ptrdiff_t>(end), IsDigit);
    if (BeginsKeyword(c)) {
      if (const std::size_t n = MatchCode(s_, at_); n > 0) return Keep(n, "code");
    }
    if (IsUpper(c) && (has_digit || digit_follows)) {
      if (const std::size_t n = MatchVendorCode(s_, at_); n > 0) return Keep(n, "code");
    }
    if (has_digit || digit_follows) {
      if (const std::size_t n = MatchTechnicalWord(s_, at_); n > 0) return Keep(n, "word");
    }
    if (c == 'e') {
      if (const std::size_t n = MatchJwt(s_, at_); n > 0) return Replace(n, "jwt");
    }
    if (next == ':' || next == '+' || next == '-' || next == '.') {
      if (const std::size_t n = MatchUrl(s_, at_); n > 0) return ReplaceUrl(n);
    }
    if (has_at_) {
      if (const std::size_t n = MatchEmail(s_, at_); n > 0) return Replace(n, "email");
    }
    if (IsHex(c) && HexWord(word, next)) return true;
    if (next == '-' && word > 9 && s_[end - 9] == '_') {  // "cart_550e8400-..."
      if (const std::size_t n = MatchUuid(s_, end - 8); n > 0) {
        Copy(word - 8);
        return Replace(n, "uuid");
      }
    }
    if (IsUpper(c) || c == 'd') {
      if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
    }
    if ((c == 'v' || c == 'V') && has_digit) {
      if (const std::size_t n = MatchVersion(s_, at_); n > 0) return Replace(n, "ver");
    }
    if (HostToken()) return true;
    if (word == 1 && next == ':' && IsLetter(c) && PathMayBegin() && end + 1 < s_.size() &&
        (s_[end + 1] == '\\' || s_[end + 1] == '/')) {
      if (const std::size_t n = MatchPath(s_, at_); n > 0) return ReplacePath(n);
    }
    if (IsHex(c) && has_digit) {
      if (const std::size_t n = MatchHex(s_, at_); n > 0) return Replace(n, "hex");
    }
    return false;
  }

  // Tokens that begin with a hex digit: UUID, MAC, IPv6.
  bool HexWord(std::size_t word, char next) {
    if (word == 8 && next == '-') {
      if (const std::size_t n = MatchUuid(s_, at_); n > 0) return Replace(n, "uuid");
    }
    if (word == 2 && (next == ':' || next == '-')) {
      if (const std::size_t n = MatchMac(s_, at_); n > 0) return Replace(n, "mac");
    }
    if (next == ':' && word <= 4 && Before() != ':' && Before() != '.') {
      if (const std::size_t n = MatchIpv6(s_, at_); n > 0) return Replace(n, "ip");
    }
    return false;
  }

  bool HostToken() {
    if (at_ < host_tried_ || Before() == '.' || Before() == '-' || Before() == '@') return false;
    std::size_t run_end = 0;
    const std::size_t n = MatchHost(s_, at_, run_end);
    host_tried_ = run_end;
    return n > 0 && Replace(n, "host");
  }

  bool DigitWord() {
    const std::size_t word = RunLength(s_, at_, IsWord);
    const char next = at_ + word < s_.size() ? s_[at_ + word] : '\0';
    if (Before() == '.' || GluedByMinus()) return false;
    if (has_at_) {
      if (const std::size_t n = MatchEmail(s_, at_); n > 0) return Replace(n, "email");
    }
    if (next == '-' && word <= 2) {
      if (const std::size_t n = MatchTraceId(s_, at_); n > 0) return Replace(n, "trace");
    }
    if (word == 8 && next == '-') {
      if (const std::size_t n = MatchUuid(s_, at_); n > 0) return Replace(n, "uuid");
    }
    if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
    if (HexWord(word, next)) return true;
    if (next == '.') {
      if (const std::size_t n = MatchIpv4(s_, at_); n > 0) return Replace(n, "ip");
      if (const std::size_t n = MatchVersion(s_, at_); n > 0) return Replace(n, "ver");
    }
    if (HostToken()) return true;
    if (const std::size_t n = MatchHex(s_, at_); n > 0) {
      return IsStatusHex(s_.substr(at_, n)) ? Keep(n, "code") : Replace(n, "hex");
    }
    if (const Quantity q = MatchQuantity(s_, at_); q.length > 0) return Replace(q.length, q.token);
    if (const std::size_t n = MatchNumber(s_, at_); n > 0) return ReplaceNumber(0, n);
    return false;
  }

  bool MarkToken(char c) {
    switch (c) {
      case '/':
        if (PathMayBegin()) {
          if (const std::size_t n = MatchPath(s_, at_); n > 0) return ReplacePath(n);
        }
        return false;
      case '<':
        if (const std::size_t n = MatchPlaceholder(s_, at_); n > 0) {
          if (s_.substr(at_, 5) == "<num>") return ReplaceNumber(0, n);
          found_ = true;
          Copy(n);
          return true;
        }
        return false;
      case '"':
      case '\'':
        return JsonToken(c);
      case '=':
        return EqualsToken();
      case ':':
        if (s_.substr(at_, 2) == "::" &&
            std::string_view(" [(=,\"'").find(Before()) != std::string_view::npos) {
          if (const std::size_t n = MatchIpv6(s_, at_); n > 0) return Replace(n, "ip");
        }
        return false;
      case '-':
      case '+':
        return SignedToken();
      default:
        return false;
    }
  }

  bool JsonToken(char quote) {
    if (const std::size_t n = MatchSqlValue(s_, at_, std::string_view(out_).substr(base_)); n > 0) {
      const std::string_view done = std::string_view(out_).substr(base_);
      const bool joins = done.size() > 6 && done.substr(done.size() - 6) == "<kv>, ";
      if (joins) out_.resize(out_.size() - 6);  // a list counts once
      return Replace(n, "kv");
    }
    if (quote == '\'') {  // a Python dict; anywhere else a quoted word and a colon are prose
      std::size_t before = out_.size();
      while (before > base_ && out_[before - 1] == ' ') --before;
      if (before == base_ || (out_[before - 1] != '{' && out_[before - 1] != ',')) return false;
    }
    const JsonPair pair = MatchJsonPair(s_, at_);
    if (pair.key == 0) return false;
    Copy(pair.key);
    return Replace(pair.value, "v");
  }

  bool EqualsToken() {
    std::size_t mark = 1;
    std::size_t n = MatchEqualsValue(s_, at_ + 1);
    if (n == 0) {
      mark = 2;
      n = MatchSpacedValue(s_, at_, Before());
    }
    if (n == 0) return false;
    Copy(mark);
    return Replace(n, "kv");
  }

  // The sign of a number vanishes with it: "offset -17" and "offset 17" are one text.
  bool SignedToken() {
    if (at_ + 1 >= s_.size() || !IsDigit(s_[at_ + 1])) return false;
    if (std::string_view(" ([{=:,|\"'").find(Before()) == std::string_view::npos) return false;
    if (const Quantity q = MatchQuantity(s_, at_ + 1); q.length > 0) {
      return Replace(1 + q.length, q.token);
    }
    if (MatchDate(s_, at_ + 1) > 0 || MatchHex(s_, at_ + 1) > 0) return false;
    const std::size_t n = MatchNumber(s_, at_ + 1);
    return n > 0 && ReplaceNumber(1, n);
  }

  // --- writing ---

  // First letters of codes' keywords and, as capitals, of day and month names.
  static bool BeginsKeyword(char c) {
    static constexpr auto kFirst = [] {
      std::array<bool, 256> table{};
      for (char letter : std::string_view("sherncwgSHERNCWGMTFJAOD")) {
        table[static_cast<unsigned char>(letter)] = true;
      }
      return table;
    }();
    return kFirst[static_cast<unsigned char>(c)];
  }

  // The byte to the left in what was written: the same whether a placeholder was put there now or
  // stood there before.
  char Before(std::size_t back = 1) const {
    return out_.size() < base_ + back ? ' ' : out_[out_.size() - back];
  }
  // "utf-8", "worker-12": digits behind a word and a minus belong to the word.
  bool GluedByMinus() const { return Before() == '-' && IsWord(Before(2)) && !IsDigit(Before(2)); }
  bool PathMayBegin() const {
    const char before = Before();
    return !IsWord(before) && std::string_view("/.>*)]}").find(before) == std::string_view::npos;
  }

  void Note(std::size_t at, std::size_t length, std::string_view token) {
    if (tokens_ == nullptr) return;
    tokens_->push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length), token});
  }
  void Copy(std::size_t n) {
    out_ += s_.substr(at_, n);
    at_ += n;
  }
  bool Keep(std::size_t n, std::string_view token) {
    Note(at_, n, token);
    found_ = true;
    // "HTTP 503" and "http 503" are one code; technical words and vendors' codes stay as written.
    if (token == "code" && !IsVendor(n)) {
      AppendLower(out_, s_.substr(at_, n));
      at_ += n;
    } else {
      Copy(n);
    }
    return true;
  }
  bool IsVendor(std::size_t n) const {
    return MatchVendorCode(s_, at_) == n && MatchCode(s_, at_) != n;
  }
  bool Replace(std::size_t n, std::string_view token) {
    Note(at_, n, token);
    found_ = true;
    out_.push_back('<');
    out_ += token;
    out_.push_back('>');
    at_ += n;
    return true;
  }
  bool ReplaceUrl(std::size_t n) {
    Note(at_, n, "url");
    found_ = true;
    AppendUrl(s_.substr(at_, n), out_);
    at_ += n;
    return true;
  }
  bool ReplacePath(std::size_t n) {
    Note(at_, n, "path");
    found_ = true;
    AppendPath(s_.substr(at_, n), out_);
    at_ += n;
    return true;
  }
  // sign: bytes before the number that vanish. "<num>, <num>" becomes one, "%" behind a number
  // vanishes.
  bool ReplaceNumber(std::size_t sign, std::size_t n) {
    Note(at_, sign + n, "num");
    found_ = true;
    at_ += sign + n;
    while (at_ < s_.size() && s_[at_] == '%') ++at_;
    if (!JoinsList()) out_ += "<num>";
    return true;
  }
  bool JoinsList() {
    std::size_t end = out_.size();
    while (end > base_ && out_[end - 1] == ' ') --end;
    if (end == base_ || out_[end - 1] != ',') return false;
    --end;
    while (end > base_ && out_[end - 1] == ' ') --end;
    static constexpr std::string_view kNumber = "<num>";
    if (end < base_ + kNumber.size()) return false;
    if (std::string_view(out_).substr(end - kNumber.size(), kNumber.size()) != kNumber)
      return false;
    out_.resize(end);
    return true;
  }

  std::string_view s_;
  std::string& out_;
  const std::size_t base_;
  std::vector<TextToken>* tokens_;
  std::size_t at_ = 0;
  std::size_t host_tried_ = 0;  // no host begins before this offset
  bool found_ = false;          // a token was recognised in the chunk
  bool has_at_ = false;         // the chunk holds an '@'
  bool glued_ = false;
};

}  // namespace

void ParameteriseCut(std::string_view text, std::string& out, std::vector<TextToken>* tokens) {
  const std::size_t base = out.size();
  bool again = TextScanner(text, out, tokens).Run();
  for (int round = 1; again && round < kRoundsMax; ++round) {
    const std::string before = out.substr(base);
    out.resize(base);
    again = TextScanner(before, out, nullptr).Run();
  }
}

std::string Parameterise(std::string_view raw) {
  std::string storage;
  std::string out;
  ParameteriseCut(CutText(raw, storage), out, nullptr);
  return out;
}

}  // namespace mishap::g1
