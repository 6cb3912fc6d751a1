#include "api/search_terms.h"

#include <algorithm>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kListMax = 100;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool IsKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Result<std::vector<SearchTerm>> Run() {
    for (SkipBlanks(); !AtEnd(); SkipBlanks()) {
      if (auto ok = Term(); !ok) return Fail(ok.error());
    }
    return std::move(terms_);
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Peek())) ++at_;
  }
  tl::unexpected<Error> Bad(std::string text) const {
    return Fail(Reason::kInvalidArgument, std::move(text));
  }

  Status Term() {
    SearchTerm term;
    term.column = at_ + 1;
    auto start = at_;
    if (Peek() == '!') {
      term.is_negated = true;
      ++at_;
    }
    if (Key(term)) return Values(std::move(term), start);
    at_ = start;
    return FreeText(start);
  }

  // Reads `key:` and leaves the position behind the colon; false if this is not a key.
  bool Key(SearchTerm& term) {
    auto start = at_;
    if (text_.substr(at_).starts_with("tags[")) {
      auto end = text_.find("]:", at_);
      if (end == std::string_view::npos) return false;
      term.key = text_.substr(at_ + 5, end - at_ - 5);
      term.is_tag = true;
      at_ = end + 2;
      return !term.key.empty();
    }
    if (Peek() == '"') {
      auto end = text_.find("\":", at_ + 1);
      if (end == std::string_view::npos) return false;
      term.key = text_.substr(at_ + 1, end - at_ - 1);
      if (term.key.empty() || term.key.find_first_of(" \"") != std::string::npos) return false;
      at_ = end + 2;
      return true;
    }
    while (IsKeyChar(Peek())) ++at_;
    // "https://x" is text, not a key.
    if (at_ == start || Peek() != ':' || text_.substr(at_).starts_with("://")) return false;
    term.key = text_.substr(start, at_ - start);
    ++at_;
    return true;
  }

  Status Values(SearchTerm term, std::size_t start) {
    if (Peek() == '[') {
      ++at_;
      term.is_list = true;
      if (auto ok = List(term); !ok) return ok;
    } else {
      auto value = Value(" \t\r\n()", term);
      if (!value) return Fail(value.error());
      term.values.push_back(std::move(*value));
      if (term.values.front().empty() && !term.is_quoted) {
        return Bad("Empty string after '" + std::string(text_.substr(start, at_ - start)) + "'");
      }
    }
    terms_.push_back(std::move(term));
    last_was_word_ = false;
    return {};
  }

  Status List(SearchTerm& term) {
    while (true) {
      SkipBlanks();
      auto value = Value(" \t\r\n(),]", term);
      if (!value) return Fail(value.error());
      if (value->empty()) return Bad("Empty item in the list after '" + term.key + ":'");
      term.values.push_back(std::move(*value));
      if (term.values.size() > kListMax) return Bad("'" + term.key + "' lists over 100 items");
      SkipBlanks();
      if (Peek() == ']') {
        ++at_;
        return {};
      }
      if (Peek() != ',') return Bad("Missing ']' after '" + term.key + ":['");
      ++at_;
    }
  }

  Result<std::string> Value(std::string_view stops, SearchTerm& term) {
    if (Peek() == '"') {
      term.is_quoted = true;
      return Quoted();
    }
    auto start = at_;
    while (!AtEnd() && stops.find(Peek()) == std::string_view::npos) {
      if (Peek() == '"') {
        return Bad("Invalid quote at '" + std::string(text_.substr(start, 40)) +
                   "': quotes must enclose text or be escaped.");
      }
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  Result<std::string> Quoted() {
    auto start = at_++;
    std::string out;
    while (!AtEnd() && Peek() != '"') {
      if (Peek() == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') ++at_;
      out.push_back(text_[at_++]);
    }
    if (AtEnd()) {
      return Bad("Missing closing quote (column " + std::to_string(start + 1) + ")");
    }
    ++at_;
    return out;
  }

  Status FreeText(std::size_t start) {
    if (Peek() == '"') {
      auto text = Quoted();
      if (!text) return Fail(text.error());
      return Add(std::move(*text), start, true);
    }
    while (!AtEnd() && !IsBlank(Peek())) ++at_;
    std::string word(text_.substr(start, at_ - start));
    if (EqualsIgnoreCase(word, "or") || EqualsIgnoreCase(word, "and")) {
      return Bad("'" + word + "' is not supported yet (column " + std::to_string(start + 1) + ")");
    }
    if (word.front() == '(') {
      return Bad("Parentheses are not supported yet (column " + std::to_string(start + 1) + ")");
    }
    return Add(std::move(word), start, false);
  }

  Status Add(std::string text, std::size_t start, bool quoted) {
    if (!quoted && last_was_word_) {
      terms_.back().values.front() += " " + text;
      return {};
    }
    SearchTerm term;
    term.values.push_back(std::move(text));
    term.is_quoted = quoted;
    term.column = start + 1;
    terms_.push_back(std::move(term));
    last_was_word_ = !quoted;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<SearchTerm> terms_;
  bool last_was_word_ = false;
};

}  // namespace

Result<std::vector<SearchTerm>> SplitSearch(std::string_view query) {
  return Splitter(query).Run();
}

}  // namespace mishap
