// Cuts one line of a rule text into words and keeps the columns for error messages. Both rule
// languages (stack traces, fingerprints) are read with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "grouping/grouping.h"

namespace mishap::g1 {

class RuleLexer {
 public:
  RuleLexer(std::string_view line, std::uint32_t number) : line_(line), number_(number) {}

  void SkipBlanks();
  bool AtEnd();  // nothing is left but blanks and a comment
  bool Take(char c);
  bool Take(std::string_view word);
  char Peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
  std::string_view Rest() const { return line_.substr(at_); }
  std::size_t At() const { return at_; }
  void MoveTo(std::size_t at) { at_ = at; }

  // Letters, digits and "._-" from here on; may be empty.
  std::string_view Name();
  // A quoted text, or everything up to a blank or one of `stops`. nullopt: see TakeError().
  // in_brackets: an unquoted "]" at its end closes the bracket instead.
  std::optional<std::string> Pattern(std::string_view stops, bool in_brackets);

  // Notes an error at byte `at` (default: here); the first one stays.
  std::nullopt_t Fail(std::string message, std::optional<std::size_t> at = std::nullopt);
  const std::optional<RuleError>& Failure() const { return failure_; }

 private:
  std::optional<std::string> Quoted();

  std::string_view line_;
  std::uint32_t number_;
  std::size_t at_ = 0;
  std::optional<RuleError> failure_;
};

// Calls each(line, number) for every line that holds a rule; blanks and comments are left out.
template <class Each>
void ForEachRuleLine(std::string_view text, const Each& each) {
  std::uint32_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    if (!RuleLexer(line, number).AtEnd()) each(line, number);
  }
}

}  // namespace mishap::g1
