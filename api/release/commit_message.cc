#include "api/release/commit_message.h"

#include <algorithm>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kVerbs[] = {"fix",    "fixes",   "fixed",    "close",   "closes",
                                       "closed", "resolve", "resolves", "resolved"};

bool IsVerb(std::string_view word) {
  if (word.ends_with(':')) word.remove_suffix(1);
  const auto lower = ToLowerAscii(word);
  return std::find(std::begin(kVerbs), std::end(kVerbs), lower) != std::end(kVerbs);
}

// The word without what a sentence puts around it.
std::string_view Bare(std::string_view word) {
  const auto begin = word.find_first_not_of("([{\"'`#");
  if (begin == std::string_view::npos) return {};
  word.remove_prefix(begin);
  const auto end = word.find_last_not_of(")]}\"'`.,;:!?");
  return end == std::string_view::npos ? std::string_view() : word.substr(0, end + 1);
}

// "web_1" is a short id where people type one, but in a message it is rather a name.
std::optional<ShortId> ShortIdIn(std::string_view word) {
  word = Bare(word);
  if (word.find('-') == std::string_view::npos) return std::nullopt;
  return ParseShortId(word);
}

// Blanks and commas part words; an empty one ends the message.
std::string_view TakeWord(std::string_view& text) {
  constexpr std::string_view kBetween = " \t\r\n,";
  const auto begin = std::min(text.find_first_not_of(kBetween), text.size());
  const auto end = std::min(text.find_first_of(kBetween, begin), text.size());
  const auto word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

}  // namespace

std::vector<ShortId> FixedIssuesOf(std::string_view message) {
  std::vector<ShortId> out;
  bool after_verb = false;  // the next word may be an issue
  bool after_issue = false;
  for (auto word = TakeWord(message); !word.empty() && out.size() < kFixedIssuesMax;
       word = TakeWord(message)) {
    const auto issue = after_verb ? ShortIdIn(word) : std::nullopt;
    if (issue) {
      if (std::find(out.begin(), out.end(), *issue) == out.end()) out.push_back(*issue);
      after_issue = true;
    } else if (after_issue && (word == "&" || EqualsIgnoreCase(word, "and"))) {
      continue;
    } else {
      after_verb = IsVerb(Bare(word));
      after_issue = false;
    }
  }
  return out;
}

}  // namespace mishap
