#include "grouping/g1/glob.h"

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

void SetBit(std::array<std::uint64_t, 4>& bits, unsigned at) {
  bits[(at >> 6) & 3] |= std::uint64_t{1} << (at & 63);
}

}  // namespace

void PairSet::Add(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const unsigned a = static_cast<unsigned char>(text[i - 1]);
    const unsigned b = static_cast<unsigned char>(text[i]);
    SetBit(bits, (a * 37 + b * 101) & 255);
  }
}

void AppendSlashedLower(std::string& out, std::string_view path) {
  for (char c : path) out.push_back(c == '\\' ? '/' : ToLower(c));
}

Glob::Glob(std::string_view pattern, GlobKind kind) : kind_(kind) {
  for (std::size_t at = 0; at < pattern.size();) {
    char c = pattern[at];
    if (c == '*') {
      ReadStars(pattern, at);
      continue;
    }
    if (c == '[' && pattern.find(']', at + 2) != std::string_view::npos) {
      ReadSet(pattern, at);
      continue;
    }
    ++at;
    if (c == '?') {
      steps_.push_back({Op::kOne, 0, 0});
      continue;
    }
    const bool protects = c == '\\' && at < pattern.size() && kind != GlobKind::kPath;
    if (protects) c = pattern[at++];
    if (kind != GlobKind::kText) c = ToLower(c);
    if (kind == GlobKind::kPath && c == '\\') c = '/';
    steps_.push_back({Op::kByte, c, 0});
  }
  FindNeeds();
}

// `**/` means whole folders only where one can begin; elsewhere it is `**` and a slash.
bool Glob::AtSegment() const {
  return steps_.empty() || (steps_.back().op == Op::kByte && steps_.back().byte == '/') ||
         steps_.back().op == Op::kStarsSlash;
}

void Glob::ReadStars(std::string_view pattern, std::size_t& at) {
  const std::size_t count = RunLength(pattern, at, [](char c) { return c == '*'; });
  at += count;
  const bool is_path = kind_ == GlobKind::kPath;
  if (is_path && count == 1) {
    steps_.push_back({Op::kStar, 0, 0});
  } else if (is_path && at < pattern.size() && pattern[at] == '/' && AtSegment()) {
    ++at;
    steps_.push_back({Op::kStarsSlash, 0, 0});
  } else {
    steps_.push_back({Op::kStars, 0, 0});
  }
}

void Glob::ReadSet(std::string_view pattern, std::size_t& at) {
  Set set{};
  std::size_t i = at + 1;
  const bool inverted = pattern[i] == '!' || pattern[i] == '^';
  if (inverted) ++i;
  for (bool first = true; i < pattern.size() && (first || pattern[i] != ']'); first = false, ++i) {
    unsigned from = static_cast<unsigned char>(pattern[i]);
    unsigned to = from;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      to = static_cast<unsigned char>(pattern[i + 2]);
      i += 2;
    }
    for (unsigned c = from; c <= to; ++c) {
      const char byte = static_cast<char>(c);
      SetBit(set, static_cast<unsigned char>(kind_ == GlobKind::kText ? byte : ToLower(byte)));
    }
  }
  at = i < pattern.size() ? i + 1 : i;
  if (inverted) {
    for (auto& word : set) word = ~word;
  }
  steps_.push_back({Op::kSet, 0, static_cast<std::uint16_t>(sets_.size())});
  sets_.push_back(set);
}

void Glob::FindNeeds() {
  for (std::size_t i = 1; i < steps_.size(); ++i) {
    if (steps_[i - 1].op == Op::kByte && steps_[i].op == Op::kByte) {
      const std::array<char, 2> pair{steps_[i - 1].byte, steps_[i].byte};
      needs_.Add({pair.data(), pair.size()});
    }
  }
}

bool Glob::Takes(const Step& step, char c) const {
  if (step.op == Op::kByte) return step.byte == c;
  if (kind_ == GlobKind::kPath && c == '/') return false;
  if (step.op == Op::kOne) return true;
  const unsigned at = static_cast<unsigned char>(c);
  return (sets_[step.set][at >> 6] >> (at & 63) & 1) != 0;
}

// Two places to go back to: the last `*` and the last `**`. Earlier ones need no second try, for
// what stands between two of them was matched as early as possible.
bool Glob::Run(std::string_view text) const {
  std::size_t step = 0;
  std::size_t at = 0;
  std::size_t star = kNowhere;
  std::size_t star_at = 0;
  std::size_t stars = kNowhere;
  std::size_t stars_at = 0;
  while (true) {
    if (step < steps_.size()) {
      const Step& s = steps_[step];
      if (s.op == Op::kStar) {
        star = ++step;
        star_at = at;
        continue;
      }
      if (s.op == Op::kStars || s.op == Op::kStarsSlash) {
        stars = ++step;
        stars_at = at;
        star = kNowhere;
        continue;
      }
      if (at < text.size() && Takes(s, text[at])) {
        ++step;
        ++at;
        continue;
      }
    } else if (at == text.size()) {
      return true;
    }
    if (star != kNowhere && star_at < text.size() && text[star_at] != '/') {
      at = ++star_at;
      step = star;
      continue;
    }
    if (stars == kNowhere || stars_at >= text.size()) return false;
    if (steps_[stars - 1].op == Op::kStarsSlash) {
      const std::size_t slash = text.find('/', stars_at);
      if (slash == std::string_view::npos) return false;
      stars_at = slash;
    }
    at = ++stars_at;
    step = stars;
    star = kNowhere;
  }
}

bool Glob::Matches(std::string_view text) const {
  if (steps_.size() == 1 && steps_[0].op == Op::kStars) return true;
  return Run(text);
}

}  // namespace mishap::g1
