// StreamDecoder: one decompressor at work on one body, a step at a time. Not here: how much output
// is allowed and where it goes (drain.h). Private to ingest/inflate.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace mishap {

// How one layer is compressed.
enum class Compression { kGzip, kZlib, kRawDeflate, kBrotli, kZstd, kXz, kBzip2 };
std::string_view CompressionName(Compression compression);  // "gzip", for people

struct DecodeStep {
  enum class State { kMore, kDone, kDamaged, kTooMuchMemory };
  std::size_t consumed = 0;
  std::size_t written = 0;
  State state = State::kMore;
};

class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  // in: all input that is left. kMore: wants more room (or is at the next member); kDone: `in` is
  // read to its end, padding included; kDamaged: malformed, or ends too early; kTooMuchMemory: its
  // window is larger than allowed.
  virtual DecodeStep Step(std::string_view in, char* out, std::size_t room) = 0;
};

struct DecoderOptions {
  int zstd_window_log_max = 23;
  std::size_t brotli_window_bytes_max = 8u << 20;
  std::size_t xz_memory_bytes_max = 16u << 20;
};

// Throws std::bad_alloc.
std::unique_ptr<StreamDecoder> MakeStreamDecoder(Compression compression,
                                                 const DecoderOptions& options);

}  // namespace mishap
