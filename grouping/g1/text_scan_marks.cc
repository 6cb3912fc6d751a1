// What may begin with a mark: paths, values behind '=' and in JSON, signs, IPv6 that begins with
// "::", placeholders that stood there before.
#include "grouping/g1/chars.h"
#include "grouping/g1/text_scanner.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {

bool TextScanner::MarkToken(char c) {
  switch (c) {
    case '/':
      return PathMayBegin() && PathToken();
    case '<':
      if (const std::size_t n = MatchPlaceholder(s_, at_); n > 0) {
        if (s_.substr(at_, 5) == "<num>") return ReplaceNumber(0, n);
        return CopyPlaceholder(n);
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
        if (const std::size_t n = MatchIpv6(s_, at_); n > 0) return ReplaceAddress(n);
      }
      return false;
    case '-':
    case '+':
      return SignedToken();
    default:
      return false;
  }
}

bool TextScanner::PathToken() {
  if (at_ < path_tried_) return false;
  const std::size_t n = MatchPath(s_, at_, path_tried_);
  return n > 0 && ReplacePath(n);
}

bool TextScanner::JsonToken(char quote) {
  if (const std::size_t n = MatchSqlValue(s_, at_, Written()); n > 0) {
    const std::string_view done = Written();
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

bool TextScanner::EqualsToken() {
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
bool TextScanner::SignedToken() {
  if (at_ + 1 >= s_.size() || !IsDigit(s_[at_ + 1])) return false;
  if (std::string_view(" ([{=:,|\"'").find(Before()) == std::string_view::npos) return false;
  if (const Quantity q = MatchQuantity(s_, at_ + 1); q.length > 0) {
    return Replace(1 + q.length, q.token);
  }
  if (MatchDate(s_, at_ + 1) > 0 || MatchHex(s_, at_ + 1) > 0) return false;
  const std::size_t n = MatchNumber(s_, at_ + 1);
  return n > 0 && ReplaceNumber(1, n);
}

}  // namespace mishap::g1
