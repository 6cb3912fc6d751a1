// Canonical event JSON <-> the bytes in spool and database: one zstd frame with a trained
// dictionary. The dictionary's id stands in the frame. Dictionaries are data: known ones are added
// at start (starter, from the database, from the spool's directory) and never removed while a
// process lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

// The dictionary that ships with the binary (event/starter.dict); its zstd id is
// StarterDictionaryId().
std::string_view StarterDictionary();
std::uint32_t StarterDictionaryId();

// Safe to use from several threads at once: contexts are per thread, dictionaries immutable.
class PayloadCodec {
 public:
  PayloadCodec();  // knows the starter dictionary and compresses with it
  ~PayloadCodec();

  // dictionary: bytes as zstd --train writes them. Errors: invalid_argument.
  Status AddDictionary(std::string_view dictionary);
  bool HasDictionary(std::uint32_t id) const;

  std::string Compress(std::string_view json) const;
  // Errors: unavailable when the frame's dictionary is not known (name its id), too_large above
  // `bytes_max`, internal when the bytes are damaged.
  Result<std::string> Decompress(std::string_view frame, std::size_t bytes_max) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mishap
