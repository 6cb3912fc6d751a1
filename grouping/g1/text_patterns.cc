#include "grouping/g1/text_patterns.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

constexpr std::int64_t kPatternMemory = 1 << 20;  // compiled program and caches of one pattern

RE2::Options Quietly() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  return options;
}

}  // namespace

struct TextPatterns::Pattern {
  Pattern(std::string_view n, std::string_view expression)
      : name(n), re(re2::StringPiece(expression.data(), expression.size()), Quietly()) {}

  std::string name;
  RE2 re;
};

TextPatterns::TextPatterns() = default;
TextPatterns::~TextPatterns() = default;

std::string TextPatterns::Add(std::string_view name, std::string_view expression) {
  if (name.empty() || name.size() > kPlaceholderBytesMax ||
      RunLength(name, 0, [](char c) { return IsLower(c) || c == '_'; }) != name.size()) {
    return fmt::format("a pattern's name is 1 to {} letters a-z or _", kPlaceholderBytesMax);
  }
  if (patterns_.size() == kTextPatternsMax) {
    return fmt::format("more than {} patterns", kTextPatternsMax);
  }
  if (expression.empty()) return "the pattern is empty";
  if (expression.size() > kTextPatternBytesMax) {
    return fmt::format("the pattern is longer than {} bytes", kTextPatternBytesMax);
  }
  auto pattern = std::make_unique<Pattern>(name, expression);
  if (!pattern->re.ok()) return "no RE2 expression: " + pattern->re.error();
  if (RE2::FullMatch("", pattern->re)) return "the pattern matches the empty text";
  patterns_.push_back(std::move(pattern));
  return {};
}

void TextPatterns::Replace(std::string_view text, std::string& out,
                           std::vector<TextToken>* tokens) const {
  struct Found {
    std::size_t at = 0;
    std::size_t length = 0;
    bool stale = true;  // has to be looked for again
  };
  std::vector<Found> found(patterns_.size());
  const re2::StringPiece whole(text.data(), text.size());
  const std::size_t base = out.size();
  std::size_t from = 0;
  while (true) {
    std::size_t best = patterns_.size();
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      Found& f = found[i];
      // A match that begins further right stays the next one, so that a text is searched once.
      if (f.stale || f.at < from) {
        re2::StringPiece match;
        const bool any =
            patterns_[i]->re.Match(whole, from, text.size(), RE2::UNANCHORED, &match, 1);
        f.stale = false;
        f.at = any && !match.empty() ? static_cast<std::size_t>(match.data() - text.data())
                                     : std::string_view::npos;
        f.length = match.size();
      }
      if (f.at == std::string_view::npos) continue;
      if (best == patterns_.size() || f.at < found[best].at) best = i;
    }
    if (best == patterns_.size()) break;
    out += text.substr(from, found[best].at - from);
    if (tokens != nullptr) {
      tokens->push_back({static_cast<std::uint32_t>(out.size() - base),
                         static_cast<std::uint32_t>(patterns_[best]->name.size() + 2),
                         patterns_[best]->name});
    }
    out.append("<").append(patterns_[best]->name).append(">");
    from = found[best].at + found[best].length;
  }
  out += text.substr(from);
}

}  // namespace mishap::g1
