// Texts to parameterised texts: the pass over the chunks of a text, a second look at chunks in
// which nothing was found, and the rounds until a text is stable. What is recognised:
// text_scan_words.cc, text_scan_marks.cc.
#include "grouping/g1/parameterise.h"

#include "grouping/g1/chars.h"
#include "grouping/g1/technical_words.h"
#include "grouping/g1/text_scanner.h"
#include "grouping/g1/text_second_look.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

// Rounds until a text is stable: one for nearly all, two for words with digits inside.
constexpr int kRoundsMax = 4;

}  // namespace

bool TextScanner::Run() {
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

// Letters and harmless marks only: nothing but a keyword of a code or a date can begin here.
void TextScanner::PlainChunk(std::size_t end, std::uint8_t classes) {
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

void TextScanner::Chunk(std::size_t end, std::uint8_t classes) {
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
