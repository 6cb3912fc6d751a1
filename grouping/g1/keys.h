// Canonical bytes and their hashes (spec 13). Every item says its kind and length, so that no two
// contents share bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace mishap::g1 {

// Appends items to one buffer: tag byte, LEB128 length, bytes. A list is 'L', LEB128 count, then
// its items.
class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  Encoder& Item(char tag, std::string_view bytes);
  Encoder& List(std::size_t count);
  Encoder& Absent();

 private:
  void Length(std::size_t n);

  std::string& out_;
};

// Buffers start with "G1" and the letter of the kind: P, S, M, A (PM) or X.
inline constexpr std::size_t kKindAt = 2;
void BeginContent(std::string& buffer, char kind);

Hash128 HashContent(std::string_view buffer);  // XXH3-128, seed 0, big-endian
std::uint64_t HashText(
    std::string_view text);  // XXH3-64: for tables and quick comparison, never stored

}  // namespace mishap::g1
