#include "ingest/normalise_text.h"

#include <algorithm>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::string_view kDots = "...";
// Less room than this is not worth a cut text.
constexpr std::size_t kCutTextBytesMin = 16;

// Bytes of the first `chars` characters.
std::size_t PrefixBytes(std::string_view text, std::size_t chars) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (chars == 0) return i;
    --chars;
  }
  return text.size();
}

// Writes one JSON value into at most `room` bytes.
class BagWriter {
 public:
  explicit BagWriter(std::string& out) : out_(out) {}

  // False if there was no room at all; then nothing was written.
  bool Write(std::string_view value, std::size_t depth_left, std::size_t room) {
    const char kind = value.empty() ? 'n' : value[0];
    if (kind == '{' || kind == '[') {
      if (depth_left == 0) return WriteText(value, room);
      return WriteContainer(value, depth_left, room);
    }
    if (value.size() <= room) {
      out_ += value;
      return true;
    }
    return kind == '"' && WriteText(JsonScalarText(value), room);
  }

 private:
  // `text` quoted, cut to the room.
  bool WriteText(std::string_view text, std::size_t room) {
    if (room < kCutTextBytesMin) return false;
    std::string quoted = QuotedJson(text);
    if (quoted.size() > room) {
      std::size_t keep = room - kDots.size() - 2;
      do {  // escapes may need another cut
        quoted = QuotedJson(std::string(Utf8Prefix(text, keep)) + std::string(kDots));
        keep -= std::min(keep, quoted.size() > room ? quoted.size() - room : 0);
      } while (quoted.size() > room && keep > 0);
      if (quoted.size() > room) return false;
    }
    out_ += quoted;
    return true;
  }

  bool WriteContainer(std::string_view value, std::size_t depth_left, std::size_t room) {
    if (room < 2) return false;
    const bool object = value[0] == '{';
    const std::size_t end = out_.size() + room - 1;  // the closing bracket's place
    out_.push_back(value[0]);
    bool first = true;
    for (const auto& [key, member] : JsonChildren(value)) {
      const std::size_t undo = out_.size();
      if (!first) out_.push_back(',');
      if (object) {
        AppendQuotedJson(out_, key);
        out_.push_back(':');
      }
      if (out_.size() >= end || !Write(member, depth_left - 1, end - out_.size())) {
        out_.resize(undo);
        break;
      }
      first = false;
    }
    out_.push_back(object ? '}' : ']');
    return true;
  }

  std::string& out_;
};

}  // namespace

std::size_t CountChars(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::optional<std::size_t> TrimText(std::string& text, TextLimit limit) {
  if (text.size() <= limit.chars_max) return std::nullopt;
  std::size_t chars = CountChars(text);
  if (chars <= limit.chars_max + limit.allowance) return std::nullopt;
  text.resize(PrefixBytes(text, limit.chars_max - kDots.size()));
  text += kDots;
  return chars;
}

void CutBytes(std::string& text, std::size_t bytes_max) {
  if (text.size() > bytes_max) text.resize(Utf8Prefix(text, bytes_max).size());
}

void CutName(std::string& name) {
  CutBytes(name, kNameBytesMax);
}

void StripBlanks(std::string& text) {
  std::string_view inner = TrimAscii(text);
  if (inner.size() != text.size()) text = std::string(inner);
}

std::optional<std::size_t> TrimBag(RawJson& bag, BagLimit limit) {
  if (bag.text.size() <= limit.bytes_max && JsonDepth(bag.text) <= limit.depth_max) {
    return std::nullopt;
  }
  std::string out;
  out.reserve(limit.bytes_max);
  if (!BagWriter(out).Write(bag.text, limit.depth_max, limit.bytes_max)) out.clear();
  if (out.size() <= 2) out.clear();  // an empty container says nothing: absent
  std::size_t length = bag.text.size();
  bag.text = std::move(out);
  return length;
}

bool TrimNamed(std::vector<NamedJson>& bag, BagLimit each, std::size_t bytes_max) {
  bool changed = false;
  std::size_t used = 0;
  std::size_t kept = 0;
  for (auto& [name, value] : bag) {
    changed |= TrimBag(value, each).has_value();
    used += name.size() + value.text.size() + 4;
    if (used > bytes_max) break;
    ++kept;
  }
  changed |= kept < bag.size();
  bag.resize(kept);
  std::erase_if(bag, [](const NamedJson& named) { return named.second.empty(); });
  return changed;
}

bool TrimPairs(std::vector<NamedText>& pairs, std::size_t bytes_max) {
  constexpr std::size_t kPairBytes = 7;  // ["",""],
  std::size_t used = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    std::size_t room = bytes_max - used;
    std::size_t fixed = pairs[i].first.size() + kPairBytes;
    if (fixed + pairs[i].second.size() <= room) {
      used += fixed + pairs[i].second.size();
      continue;
    }
    bool cut = fixed + kCutTextBytesMin <= room;
    if (cut) {
      CutBytes(pairs[i].second, room - fixed - kDots.size());
      pairs[i].second += kDots;
    }
    pairs.resize(cut ? i + 1 : i);
    return true;
  }
  return false;
}

}  // namespace mishap
