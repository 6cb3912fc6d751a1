#include "grouping/g1/text_second_look.h"

#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kIdDigits = 9;        // this many in a row make a word an id
constexpr std::size_t kGluedDigits = 4;     // this many inside a word are a number
constexpr std::size_t kTrailingDigits = 3;  // this many behind '_' or '-' at the end of a word

// The word, or what it ends with from a capital on: "worker", "ForkPoolWorker".
bool IsOneOfMany(std::string_view word) {
  for (std::string_view known :
       {"thread", "worker", "pool", "executor", "exec", "consumer", "producer", "shard",
        "partition", "replica", "process", "broker", "runner", "instance", "actor", "fiber"}) {
    if (word.size() < known.size()) continue;
    const std::string_view tail = word.substr(word.size() - known.size());
    if (!EqualsLower(tail, known)) continue;
    if (word.size() == known.size() || (IsUpper(tail[0]) && IsLower(tail[1]))) return true;
  }
  return false;
}

// "Thread-17", "pool-1-thread-3", "consumer-orders-3": behind these words a number of any length
// says which of many.
bool NamesOneOfMany(std::string_view before) {
  if (before.empty() || (before.back() != '-' && before.back() != '_')) return false;
  for (std::size_t end = before.size() - 1;;) {
    std::size_t begin = end;
    while (begin > 0 && IsLetter(before[begin - 1])) --begin;
    if (begin == end) return false;
    if (IsOneOfMany(before.substr(begin, end - begin))) return true;
    if (begin == 0 || before[begin - 1] != '-') return false;
    end = begin - 1;
  }
}

// "partition orders-7": the word before names what the number counts.
bool CountedByWordBefore(std::string_view done) {
  for (std::string_view word : {"partition ", "shard ", "broker ", "replica ", "worker "}) {
    if (done.size() >= word.size() && EqualsLower(done.substr(done.size() - word.size()), word)) {
      return true;
    }
  }
  return false;
}

// Of a script that puts no blanks between words: digits between such letters are a number.
bool IsForeign(char c) {
  return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool InRun(char c) {
  return IsAlnum(c) || c == '+' || c == '/' || c == '_' || c == '.' || c == '-';
}

class SecondLook {
 public:
  SecondLook(std::string_view chunk, std::size_t offset, std::string& out,
             std::vector<TextToken>* tokens)
      : chunk_(chunk),
        offset_(offset),
        out_(out),
        tokens_(tokens),
        counted_(CountedByWordBefore(out)) {}

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
      const std::size_t end = i + RunLength(chunk_.substr(0, to), i, IsWord);
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
      // Looked for only behind such a word: every "_1" of "_1_1_1..." would look to the end.
      const bool counts =
          digits > 0 && ((counted_ && at_end) || NamesOneOfMany(chunk_.substr(0, i)));
      const std::size_t numbers = counts ? NumbersLength(i, to) : 0;
      const bool one_of_many = numbers > 0;
      if (digits >= kGluedDigits || (digits >= kTrailingDigits && at_end) || one_of_many ||
          InForeignWord(i, digits, to)) {
        if (before == '-' && out_.back() == '-') out_.pop_back();  // a sign vanishes
        const std::size_t n = one_of_many ? numbers : digits;
        Write(i, n, "num");
        glued_ = true;
        i += n;
      } else {
        const std::size_t n = std::max<std::size_t>(digits, 1);
        out_ += chunk_.substr(i, n);
        i += n;
      }
    }
  }

  // "3", "0_1": digits and underscores up to the end of the word; 0: something else.
  std::size_t NumbersLength(std::size_t at, std::size_t to) const {
    std::size_t end = at + RunLength(chunk_, at, IsDigit);
    while (end + 1 < to && chunk_[end] == '_' && IsDigit(chunk_[end + 1])) {
      end += 1 + RunLength(chunk_, end + 1, IsDigit);
    }
    return end == to ? end - at : 0;
  }

  bool InForeignWord(std::size_t at, std::size_t digits, std::size_t to) const {
    if (digits == 0) return false;
    const std::size_t end = at + digits;
    const bool before = at > 0 && IsForeign(chunk_[at - 1]);
    const bool behind = end < to && IsForeign(chunk_[end]);
    return (before && (behind || end == to)) || (behind && at == 0);
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
  bool counted_;  // the word before the chunk names what a number at its end counts
  bool glued_ = false;
};

}  // namespace

bool LookAgain(std::string_view chunk, std::size_t offset, std::string& out,
               std::vector<TextToken>* tokens) {
  return SecondLook(chunk, offset, out, tokens).Run();
}

}  // namespace mishap::g1
