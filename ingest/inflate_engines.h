// The decompressors behind Inflater, one function each: input, a growing buffer, bounds. Private to
// ingest/inflate.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/result.h"

struct libdeflate_decompressor;
struct ZSTD_DCtx_s;

namespace mishap {

// Grows without clearing; keeps what it has for the next body up to a bound.
class OutputBuffer {
 public:
  char* Begin() { return bytes_.get(); }
  std::size_t Capacity() const { return capacity_; }
  // Keeps the first `used` bytes.
  void Grow(std::size_t capacity, std::size_t used);
  // Lets go of memory that only an exceptional body needed.
  void Trim();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

struct InflateBounds {
  std::size_t bytes_max = 0;
  std::size_t ratio_guard_bytes = 0;
  std::size_t ratio_max = 0;
};

enum class DeflateWrap { kGzip, kZlib, kRaw };

// One shot into what capacity there is. nullopt-like 0 of `ok`: did not fit or is not clean; ask
// the streaming one.
class FastDeflate {
 public:
  FastDeflate();
  ~FastDeflate();
  // True: `size` bytes stand in `out`. False: too little room, several members, damage.
  bool TryInflate(DeflateWrap wrap, std::string_view in, OutputBuffer& out, std::size_t bytes_max,
                  std::size_t& size);

 private:
  libdeflate_decompressor* decompressor_;
};

class ZstdInflate {
 public:
  explicit ZstdInflate(int window_log_max);
  ~ZstdInflate();
  Result<std::size_t> Inflate(std::string_view in, OutputBuffer& out, const InflateBounds& bounds);

 private:
  ZSTD_DCtx_s* context_;
};

// Each returns the size of the output. Errors: invalid_compression, too_large.
Result<std::size_t> StreamDeflate(DeflateWrap wrap, std::string_view in, OutputBuffer& out,
                                  const InflateBounds& bounds);
Result<std::size_t> StreamBrotli(std::string_view in, OutputBuffer& out,
                                 const InflateBounds& bounds);

}  // namespace mishap
