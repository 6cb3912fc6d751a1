// The only file that includes the hash's code.
#define XXH_INLINE_ALL
#include "grouping/g1/keys.h"

#include <xxhash.h>

#include <cstring>

namespace mishap::g1 {

void Encoder::Length(std::size_t n) {
  while (n >= 0x80) {
    out_.push_back(static_cast<char>((n & 0x7F) | 0x80));
    n >>= 7;
  }
  out_.push_back(static_cast<char>(n));
}

Encoder& Encoder::Item(char tag, std::string_view bytes) {
  out_.push_back(tag);
  Length(bytes.size());
  out_ += bytes;
  return *this;
}

Encoder& Encoder::List(std::size_t count) {
  out_.push_back('L');
  Length(count);
  return *this;
}

Encoder& Encoder::Absent() {
  out_.push_back('0');
  return *this;
}

void BeginContent(std::string& buffer, char kind) {
  buffer.assign("G1");
  buffer.push_back(kind);
}

Hash128 HashContent(std::string_view buffer) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(buffer.data(), buffer.size()));
  Hash128 hash;
  static_assert(sizeof canonical.digest == sizeof hash.bytes);
  std::memcpy(hash.bytes.data(), canonical.digest, sizeof canonical.digest);
  return hash;
}

std::uint64_t HashText(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace mishap::g1
