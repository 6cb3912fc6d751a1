#include "api/search/search_parser.h"

#include <utility>

#include "base/bytes.h"

namespace mishap {
namespace {

using Kind = SearchToken::Kind;

class Parser {
 public:
  explicit Parser(std::vector<SearchToken> tokens) : tokens_(std::move(tokens)) {}

  Result<ParsedSearch> Run() {
    if (Peek().kind == Kind::kEnd) return ParsedSearch{};
    auto tree = Or(0);
    if (!tree) return tree;
    if (Peek().kind == Kind::kClose) return Bad("')' without '(' before it", Peek());
    return tree;
  }

 private:
  const SearchToken& Peek() const { return tokens_[at_]; }
  tl::unexpected<Error> Bad(std::string text, const SearchToken& token) const {
    return Fail(Reason::kInvalidArgument,
                std::move(text) + " (column " + std::to_string(token.column) + ")");
  }

  Result<ParsedSearch> Or(std::size_t depth) {
    std::vector<ParsedSearch> parts;
    while (true) {
      auto part = And(depth);
      if (!part) return part;
      parts.push_back(std::move(*part));
      if (Peek().kind != Kind::kOr) break;
      ++at_;
    }
    return Joined(ParsedSearch::Kind::kOr, std::move(parts));
  }

  Result<ParsedSearch> And(std::size_t depth) {
    std::vector<ParsedSearch> parts;
    while (true) {
      auto part = Operand(depth);
      if (!part) return part;
      parts.push_back(std::move(*part));
      if (Peek().kind == Kind::kAnd) {
        ++at_;
        continue;
      }
      if (Peek().kind == Kind::kOr || Peek().kind == Kind::kClose || Peek().kind == Kind::kEnd) {
        break;
      }
    }
    return Joined(ParsedSearch::Kind::kAnd, std::move(parts));
  }

  static ParsedSearch Joined(ParsedSearch::Kind kind, std::vector<ParsedSearch> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    ParsedSearch out;
    out.kind = kind;
    out.children = std::move(parts);
    return out;
  }

  Result<ParsedSearch> Operand(std::size_t depth) {
    const auto& token = Peek();
    switch (token.kind) {
      case Kind::kOpen:
        return Group(depth);
      case Kind::kTerm:
        ++at_;
        return Counted(ParsedSearch::Kind::kTerm, token);
      case Kind::kQuoted:
        ++at_;
        return Counted(ParsedSearch::Kind::kText, token);
      case Kind::kWord:
        return Phrase();
      default:
        return Missing(token);
    }
  }

  tl::unexpected<Error> Missing(const SearchToken& token) const {
    const auto* before = at_ > 0 ? &tokens_[at_ - 1] : nullptr;
    if (before && before->kind == Kind::kOpen) {
      return Bad("Nothing between '(' and here, expected a term", token);
    }
    if (before) return Bad("Expected a term after '" + before->text + "'", token);
    if (token.kind == Kind::kClose) return Bad("')' without '(' before it", token);
    return Bad("Expected a term before '" + token.text + "'", token);
  }

  Result<ParsedSearch> Group(std::size_t depth) {
    const auto& open = Peek();
    if (depth == kSearchDepthMax) {
      return Bad("Parentheses are nested deeper than " + std::to_string(kSearchDepthMax), open);
    }
    ++at_;
    auto inside = Or(depth + 1);
    if (!inside) return inside;
    if (Peek().kind != Kind::kClose) return Bad("Missing ')' of the '(' that stands here", open);
    ++at_;
    return inside;
  }

  Result<ParsedSearch> Phrase() {
    auto words = Peek();
    for (++at_; Peek().kind == Kind::kWord; ++at_) words.text += " " + Peek().text;
    return Counted(ParsedSearch::Kind::kText, words);
  }

  Result<ParsedSearch> Counted(ParsedSearch::Kind kind, const SearchToken& token) {
    if (++terms_ > kSearchTermsMax) {
      return Bad("The query has more than " + std::to_string(kSearchTermsMax) + " terms", token);
    }
    ParsedSearch out;
    out.kind = kind;
    out.term = token;
    return out;
  }

  std::vector<SearchToken> tokens_;
  std::size_t at_ = 0;
  std::size_t terms_ = 0;
};

}  // namespace

Result<ParsedSearch> ParseSearch(std::string_view query) {
  if (query.size() > kSearchBytesMax) {
    return Fail(Reason::kInvalidArgument, "the query has " + std::to_string(query.size()) +
                                              " bytes, the limit is " +
                                              std::to_string(kSearchBytesMax));
  }
  if (!IsUtf8(query) || query.find('\0') != std::string_view::npos) {
    return Fail(Reason::kInvalidArgument, "the query is not valid UTF-8 text");
  }
  auto tokens = LexSearch(query);
  if (!tokens) return Fail(tokens.error());
  return Parser(std::move(*tokens)).Run();
}

}  // namespace mishap
