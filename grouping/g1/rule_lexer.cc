#include "grouping/g1/rule_lexer.h"

#include <utility>

#include "grouping/g1/chars.h"

namespace mishap::g1 {

void RuleLexer::SkipBlanks() {
  while (at_ < line_.size() && IsBlank(line_[at_])) ++at_;
}

bool RuleLexer::AtEnd() {
  const std::size_t before = at_;
  SkipBlanks();
  const bool comment = Peek() == '#' && (at_ == 0 || IsBlank(line_[at_ - 1]));
  if (at_ == line_.size() || comment) return true;
  at_ = before;
  return false;
}

bool RuleLexer::Take(char c) {
  if (Peek() != c || at_ == line_.size()) return false;
  ++at_;
  return true;
}

bool RuleLexer::Take(std::string_view word) {
  if (line_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

std::string_view RuleLexer::Name() {
  const std::size_t size =
      RunLength(line_, at_, [](char c) { return IsAlnum(c) || c == '.' || c == '_' || c == '-'; });
  const std::string_view name = line_.substr(at_, size);
  at_ += size;
  return name;
}

std::optional<std::string> RuleLexer::Quoted() {
  const std::size_t open = at_++;
  std::string out;
  while (at_ < line_.size()) {
    const char c = line_[at_++];
    if (c == '"') return out;
    if (c != '\\' || at_ == line_.size()) {
      out.push_back(c);
      continue;
    }
    const char escaped = line_[at_++];
    if (escaped == 'n')
      out.push_back('\n');
    else if (escaped == 't')
      out.push_back('\t');
    else if (escaped == '"' || escaped == '\\')
      out.push_back(escaped);
    else
      out.append({'\\', escaped});  // stays for the pattern: \* is a star
  }
  return Fail("the quote opened here is never closed; end the text with \"", open);
}

std::optional<std::string> RuleLexer::Pattern(std::string_view stops, bool in_brackets) {
  if (Peek() == '"') return Quoted();
  const std::size_t from = at_;
  int open = 0;
  while (at_ < line_.size() && !IsBlank(line_[at_])) {
    const char c = line_[at_];
    if (stops.find(c) != std::string_view::npos) break;
    if (c == '[') ++open;
    if (c == ']' && in_brackets && open == 0) break;
    if (c == ']' && open > 0) --open;
    ++at_;
  }
  if (at_ == from) return Fail("a pattern must follow the colon, for example function:load*");
  return std::string(line_.substr(from, at_ - from));
}

std::nullopt_t RuleLexer::Fail(std::string message, std::optional<std::size_t> at) {
  if (failure_) return std::nullopt;
  std::uint32_t column = 1;  // in characters, as editors count
  for (char c : line_.substr(0, at.value_or(at_))) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column;
  }
  failure_ = RuleError{number_, column, std::move(message)};
  return std::nullopt;
}

}  // namespace mishap::g1
