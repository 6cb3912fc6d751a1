#include "grouping/g1/text_second_look.h"

#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kIdDigits = 9;        // this many in a row make a word an id
constexpr std::size_t kGluedDigits = 4;     // this many inside a word are a number
constexpr std::size_t kTrailingDigits = 3;  // this many behind '_' or '-' at the end of a word

// "Thread-17", "pool-1-thread-3": behind these words a number of any length says which of many.
bool NamesOneOfMany(std::string_view before) {
  if (before.empty() || (before.back() != '-' && before.back() != '_')) return false;
  before.remove_suffix(1);
  std::size_t begin = before.size();
  while (begin > 0 && IsLetter(before[begin - 1])) --begin;
  const std::string_view word = before.substr(begin);
  for (std::string_view known : {"thread", "worker", "pool", "executor", "consumer", "producer",
                                 "shard", "partition", "replica", "process"}) {
    if (EqualsLower(word, known)) return true;
  }
  return false;
}

bool InRun(char c) {
  return IsAlnum(c) || c == '+' || c == '/' || c == '_' || c == '.' || c == '-';
}

class SecondLook {
 public:
  SecondLook(std::string_view chunk, std::size_t offset, std::string& out,
             std::vector<TextToken>* tokens)
      : chunk_(chunk), offset_(offset), out_(out), tokens_(tokens) {}

  bool Run() {
    for (std::size_t i = 0; i < chunk_.size();) {
      if (!InRun(chunk_[i])) {
        out_.push_back(chunk_[i++]);
        continue;
      }
      const std::size_t run = RunLength(chunk_, i, InRun);
      const std::size_t padding = RunLength(chunk_, i + run, [](char c) { return c == '='; });
      const bool padded = padding <= 2 && i + run + padding == chunk_.size();
      const std::size_t whole = padded ? run + padding : run;
      if (LooksRandom(chunk_.substr(i, whole))) {
        Write(i, whole, "id");
        glued_ = glued_ || whole < chunk_.size();
        i += whole;
      } else {
        Words(i, i + run);
        i += run;
      }
    }
    return glued_;
  }

 private:
  void Words(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to;) {
      if (!IsWord(chunk_[i])) {
        out_.push_back(chunk_[i++]);
        continue;
      }
      const std::size_t end = std::min(to, i + RunLength(chunk_, i, IsWord));
      if (HasIdDigits(i, end)) {
        Write(i, end - i, "id");
        glued_ = glued_ || i > 0 || end < chunk_.size();
      } else {
        Word(i, end);
      }
      i = end;
    }
  }

  bool HasIdDigits(std::size_t from, std::size_t to) const {
    std::size_t digits = 0;
    for (std::size_t i = from; i < to && digits < kIdDigits; ++i) {
      digits = IsDigit(chunk_[i]) ? digits + 1 : 0;
    }
    return digits >= kIdDigits;
  }

  void Word(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to;) {
      const std::size_t digits = RunLength(chunk_, i, IsDigit);
      const char before = i == 0 ? ' ' : chunk_[i - 1];
      const bool at_end = i + digits == to && (before == '_' || before == '-') &&
                          (to == chunk_.size() || !InRun(chunk_[to]));
      const bool one_of_many =
          digits > 0 && i + digits == to && NamesOneOfMany(chunk_.substr(0, i));
      if (digits >= kGluedDigits || (digits >= kTrailingDigits && at_end) || one_of_many) {
        if (before == '-' && out_.back() == '-') out_.pop_back();  // a sign vanishes
        Write(i, digits, "num");
        glued_ = true;
        i += digits;
      } else {
        const std::size_t n = std::max<std::size_t>(digits, 1);
        out_ += chunk_.substr(i, n);
        i += n;
      }
    }
  }

  void Write(std::size_t at, std::size_t length, std::string_view token) {
    if (tokens_ != nullptr) {
      tokens_->push_back(
          {static_cast<std::uint32_t>(offset_ + at), static_cast<std::uint32_t>(length), token});
    }
    out_.push_back('<');
    out_ += token;
    out_.push_back('>');
  }

  std::string_view chunk_;
  std::size_t offset_;
  std::string& out_;
  std::vector<TextToken>* tokens_;
  bool glued_ = false;
};

}  // namespace

bool LookAgain(std::string_view chunk, std::size_t offset, std::string& out,
               std::vector<TextToken>* tokens) {
  return SecondLook(chunk, offset, out, tokens).Run();
}

}  // namespace mishap::g1
