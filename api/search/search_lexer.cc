#include "api/search/search_lexer.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace mishap {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool IsKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

bool EndsValue(char c) {
  return IsBlank(c) || c == '(' || c == ')';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<SearchToken>> Run() {
    for (SkipBlanks(); !AtEnd(); SkipBlanks()) {
      if (auto ok = Token(); !ok) return Fail(ok.error());
    }
    Add(SearchToken::Kind::kEnd, at_);
    return std::move(tokens_);
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Peek())) ++at_;
  }
  std::size_t ColumnOf(std::size_t byte) const {
    auto head = text_.substr(0, byte);
    return 1 + static_cast<std::size_t>(std::count_if(
                   head.begin(), head.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
  }
  SearchToken& Add(SearchToken::Kind kind, std::size_t start) {
    SearchToken token;
    token.kind = kind;
    token.column = ColumnOf(start);
    token.text = text_.substr(start, at_ - start);
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }
  tl::unexpected<Error> Bad(std::string text, std::size_t byte) const {
    return Fail(Reason::kInvalidArgument,
                std::move(text) + " (column " + std::to_string(ColumnOf(byte)) + ")");
  }

  Status Token() {
    auto start = at_;
    if (Peek() == '(' || Peek() == ')') {
      auto kind = Peek() == '(' ? SearchToken::Kind::kOpen : SearchToken::Kind::kClose;
      ++at_;
      Add(kind, start);
      return {};
    }
    SearchToken term;
    if (Peek() == '!') {
      term.is_negated = true;
      ++at_;
    }
    if (auto found = Key(term); !found) {
      return Fail(found.error());
    } else if (*found) {
      return Term(std::move(term), start);
    }
    at_ = start;
    return Peek() == '"' ? Quoted(start) : Word(start);
  }

  // Reads `key:` and leaves the position behind the colon; false if this is not a key.
  Result<bool> Key(SearchToken& term) {
    auto start = at_;
    if (text_.substr(at_).starts_with("tags[")) return Bracketed(term, 5, "]:");
    if (text_.substr(at_).starts_with("flags[\"")) {
      auto found = Bracketed(term, 7, "\"]:");
      if (found && *found) term.key = "flags[\"" + term.key + "\"]";
      return found;
    }
    if (Peek() == '"') return QuotedKey(term);
    while (IsKeyChar(Peek())) ++at_;
    if (at_ == start) return false;
    // "https://x" is text, not a key.
    if (Peek() == ':' && !text_.substr(at_).starts_with("://")) {
      term.key = text_.substr(start, at_ - start);
      ++at_;
      return true;
    }
    if (Peek() == '(') return Aggregate(start);
    return false;
  }

  // tags[a:b]: and flags["x"]:
  Result<bool> Bracketed(SearchToken& term, std::size_t opening, std::string_view closing) {
    auto end = text_.find(closing, at_);
    if (end == std::string_view::npos || end == at_ + opening) return false;
    term.key = text_.substr(at_ + opening, end - at_ - opening);
    if (term.key.find_first_of("[]\"\n") != std::string::npos) return false;
    term.is_tag = true;
    at_ = end + closing.size();
    return true;
  }

  Result<bool> QuotedKey(SearchToken& term) {
    auto end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos || end == at_ + 1) return false;
    if (end + 1 >= text_.size() || text_[end + 1] != ':') return false;
    term.key = text_.substr(at_ + 1, end - at_ - 1);
    if (!std::all_of(term.key.begin(), term.key.end(),
                     [](char c) { return IsKeyChar(c) || c == ':'; })) {
      return false;
    }
    term.is_tag = true;
    at_ = end + 2;
    return true;
  }

  // count():>10
  Result<bool> Aggregate(std::size_t start) {
    auto end = text_.find(')', at_);
    if (end == std::string_view::npos || end + 1 >= text_.size() || text_[end + 1] != ':') {
      return false;
    }
    return Bad("Aggregate filters like '" + std::string(text_.substr(start, end + 1 - start)) +
                   "' are not supported in issue searches; use timesSeen or userCount",
               start);
  }

  Status Term(SearchToken term, std::size_t start) {
    if (Peek() == '[') {
      if (auto ok = List(term); !ok) return ok;
    } else {
      auto value = Value(term.key, false);
      if (!value) return Fail(value.error());
      if (value->text.empty() && !value->is_quoted) {
        return Bad("Empty string after '" + term.key + ":', expected a value", start);
      }
      term.values.push_back(std::move(*value));
    }
    term.kind = SearchToken::Kind::kTerm;
    term.column = ColumnOf(start);
    term.text = text_.substr(start, at_ - start);
    tokens_.push_back(std::move(term));
    return {};
  }

  Status List(SearchToken& term) {
    auto start = at_++;
    term.is_list = true;
    while (true) {
      SkipBlanks();
      auto item = at_;
      auto value = Value(term.key, true);
      if (!value) return Fail(value.error());
      if (value->text.empty() && !value->is_quoted) {
        return AtEnd()
                   ? MissingBracket(start)
                   : Bad("Empty item in the list of '" + term.key + "', expected a value", item);
      }
      if (term.values.size() == kSearchListMax) {
        return Bad(
            "The list of '" + term.key + "' has over " + std::to_string(kSearchListMax) + " items",
            item);
      }
      term.values.push_back(std::move(*value));
      SkipBlanks();
      if (Peek() == ',') {
        ++at_;
        continue;
      }
      if (Peek() != ']') return MissingBracket(start);
      ++at_;
      if (!AtEnd() && !EndsValue(Peek())) {
        return Bad("Expected a blank or ')' after ']'", at_);
      }
      return {};
    }
  }

  tl::unexpected<Error> MissingBracket(std::size_t start) const {
    return Bad("Missing ']' of the list that begins here", start);
  }

  Result<SearchValue> Value(const std::string& key, bool in_list) {
    SearchValue value;
    value.column = ColumnOf(at_);
    auto start = at_;
    if (Peek() == '"') {
      value.is_quoted = true;
      auto text = QuotedText();
      if (!text) return Fail(text.error());
      value.text = std::move(*text);
      bool ends = AtEnd() || EndsValue(Peek()) || (in_list && (Peek() == ',' || Peek() == ']'));
      if (!ends) return InvalidQuote(key, start);
      return value;
    }
    while (!AtEnd() && !IsBlank(Peek()) && Peek() != ')') {
      if (in_list && (Peek() == ',' || Peek() == ']')) break;
      auto end = Peek() == '(' ? GroupEnd(start) : at_ + 1;
      if (end == std::string_view::npos) break;
      bool escaped = Peek() == '\\' && Peek(1) == '"';
      if (Peek() == '"') return InvalidQuote(key, start);
      if (escaped) end = ++at_ + 1;
      value.text += text_.substr(at_, end - at_);
      at_ = end;
    }
    return value;
  }

  // Behind the parentheses that open here, if they belong to the word before them ("foo(a, b)") and
  // are balanced; npos otherwise.
  std::size_t GroupEnd(std::size_t word_start) const {
    if (at_ == word_start || EndsValue(text_[at_ - 1])) return std::string_view::npos;
    std::size_t depth = 0;
    for (auto i = at_; i < text_.size(); ++i) {
      if (text_[i] == '"') break;
      if (text_[i] == '(') ++depth;
      if (text_[i] == ')' && --depth == 0) return i + 1;
    }
    return std::string_view::npos;
  }

  // From the opening quote to behind the closing one; \" is a quote.
  Result<std::string> QuotedText() {
    auto start = at_++;
    std::string text;
    while (!AtEnd() && Peek() != '"') {
      if (Peek() == '\\' && Peek(1) == '"') ++at_;
      text += text_[at_++];
    }
    if (AtEnd()) return Bad("Missing closing quote of the text that begins here", start);
    ++at_;
    return text;
  }

  Status Quoted(std::size_t start) {
    auto text = QuotedText();
    if (!text) return Fail(text.error());
    Add(SearchToken::Kind::kQuoted, start).text = std::move(*text);
    return {};
  }

  Status Word(std::size_t start) {
    while (!AtEnd() && !EndsValue(Peek())) {
      ++at_;
      if (Peek() != '(') continue;
      auto end = GroupEnd(start);
      if (end != std::string_view::npos) at_ = end;
    }
    auto word = text_.substr(start, at_ - start);
    auto kind = EqualsIgnoreCase(word, "or")    ? SearchToken::Kind::kOr
                : EqualsIgnoreCase(word, "and") ? SearchToken::Kind::kAnd
                                                : SearchToken::Kind::kWord;
    Add(kind, start);
    return {};
  }

  tl::unexpected<Error> InvalidQuote(const std::string& key, std::size_t start) const {
    return Bad("Invalid quote at '" + std::string(text_.substr(start, 40)) + "' of '" + key +
                   "': quotes must enclose the text or be escaped",
               start);
  }

  std::vector<SearchToken> tokens_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<SearchToken>> LexSearch(std::string_view query) {
  return Lexer(query).Run();
}

}  // namespace mishap
