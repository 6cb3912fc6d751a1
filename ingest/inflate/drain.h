// Runs a decompressor to its end within bounds. What may turn out to be a bomb is measured before
// memory is given to it: a refused body costs its decompressor's window and little else, whatever
// it would have grown to. Private to ingest/inflate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "ingest/inflate/stream_decoder.h"
#include "net/request_reader.h"

struct libdeflate_decompressor;

namespace mishap {

// Grows without clearing; keeps what it has for the next body up to a bound. Memory beyond that
// bound is taken from the budget all workers share.
class OutputBuffer {
 public:
  OutputBuffer() = default;
  ~OutputBuffer() { Drop(); }
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  void ShareBudget(BodyBudget* budget) { budget_ = budget; }
  char* Begin() { return bytes_.get(); }
  std::size_t Capacity() const { return capacity_; }
  // Keeps the first `used` bytes.
  void Grow(std::size_t capacity, std::size_t used);
  // All of `capacity` at once, without what was in it. False: the budget is used up.
  bool Replace(std::size_t capacity);
  // Lets go of memory that only an exceptional body needed.
  void Trim();
  void Drop();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  BodyBudget* budget_ = nullptr;
  std::size_t taken_ = 0;  // of the budget
};

struct InflateBounds {
  std::size_t bytes_max = 0;
  std::size_t ratio_guard_bytes = 0;
  std::size_t ratio_max = 0;
};

// One shot of libdeflate into what room there is.
class FastDeflate {
 public:
  FastDeflate();
  ~FastDeflate();
  FastDeflate(const FastDeflate&) = delete;
  FastDeflate& operator=(const FastDeflate&) = delete;

  // True: `size` bytes stand in `out`. False: too little room, several members, damage.
  bool TryInflate(Compression wrap, std::string_view in, OutputBuffer& out, std::size_t bytes_max,
                  std::size_t& size);

 private:
  libdeflate_decompressor* decompressor_;
};

// Returns the size of the output in `out`; work counts every byte a decoder wrote, also those of
// bodies that were refused. Errors: invalid_compression, too_large, overloaded (the budget).
Result<std::size_t> Drain(Compression compression, std::string_view in, OutputBuffer& out,
                          const InflateBounds& bounds, const DecoderOptions& options,
                          std::uint64_t& work);

}  // namespace mishap
