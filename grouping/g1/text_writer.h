// Where the parameteriser's pass stands in a text and what it has written so far: copy, keep,
// replace. Knows what a replacement looks like, not what is recognised (text_scanner.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grouping/g1/chars.h"
#include "grouping/g1/parameterise.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {

class TextWriter {
 public:
  // Appends to `out`. Notes every token in `tokens` unless that is null.
  TextWriter(std::string_view text, std::string& out, std::vector<TextToken>* tokens)
      : s_(text), out_(out), base_(out.size()), tokens_(tokens) {}

 protected:
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
  std::string_view Written() const { return std::string_view(out_).substr(base_); }

  void Copy(std::size_t n) {
    out_ += s_.substr(at_, n);
    at_ += n;
  }

  bool Keep(std::size_t n, std::string_view token) {
    Note(at_, n, token);
    // "HTTP 503" and "http 503" are one code; technical words and vendors' codes stay as written.
    if (token == "code" && !IsVendor(n)) {
      AppendLower(out_, s_.substr(at_, n));
      at_ += n;
    } else {
      Copy(n);
    }
    return true;
  }

  bool Replace(std::size_t n, std::string_view token) {
    Note(at_, n, token);
    out_.push_back('<');
    out_ += token;
    out_.push_back('>');
    at_ += n;
    return true;
  }

  bool ReplaceUrl(std::size_t n) {
    Note(at_, n, "url");
    AppendUrl(s_.substr(at_, n), out_);
    at_ += n;
    return true;
  }

  bool ReplacePath(std::size_t n) {
    Note(at_, n, "path");
    AppendPath(s_.substr(at_, n), out_);
    at_ += n;
    return true;
  }

  // sign: bytes before the number that vanish. "<num>, <num>" becomes one, "%" behind a number
  // vanishes.
  bool ReplaceNumber(std::size_t sign, std::size_t n) {
    Note(at_, sign + n, "num");
    at_ += sign + n;
    while (at_ < s_.size() && s_[at_] == '%') ++at_;
    if (!JoinsList()) out_ += "<num>";
    return true;
  }

  // "[::1]:5432" is "10.0.0.1:5432": the brackets belong to the address.
  bool ReplaceAddress(std::size_t n) {
    const bool bracketed = Before() == '[' && at_ + n < s_.size() && s_[at_ + n] == ']';
    if (bracketed) out_.pop_back();
    Replace(n, "ip");
    if (bracketed) ++at_;
    return true;
  }

  void DropMinus() {
    if (Before() == '-') out_.pop_back();
  }

  // A placeholder that stood in the text already.
  bool CopyPlaceholder(std::size_t n) {
    found_ = true;
    Copy(n);
    return true;
  }

  std::string_view s_;
  std::string& out_;
  const std::size_t base_;
  std::vector<TextToken>* tokens_;
  std::size_t at_ = 0;
  bool found_ = false;  // a token was recognised since this was last cleared

 private:
  void Note(std::size_t at, std::size_t length, std::string_view token) {
    found_ = true;
    if (tokens_ == nullptr) return;
    tokens_->push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length), token});
  }
  bool IsVendor(std::size_t n) const {
    return MatchVendorCode(s_, at_) == n && MatchCode(s_, at_) != n;
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
};

}  // namespace mishap::g1
