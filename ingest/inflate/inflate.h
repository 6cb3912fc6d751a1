// Inflater: a request body as received -> its bytes, by Content-Encoding. Bounded in output, in
// ratio and in layers (ingest-protocol 3.3, 3.6); how, drain.h says. Not here: what the bytes mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "ingest/limits.h"

namespace mishap {

enum class Compression;
class BodyBudget;

class Inflater {
 public:
  // budget: of large outputs, shared with others; null: none. Outlives this object.
  explicit Inflater(const IngestLimits& limits, BodyBudget* budget = nullptr);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  // The view is into `body` itself or into buffers of this object: valid until the next call of
  // Inflate or until `body` is gone. content_encoding: the header's value, "" if absent; an
  // unlabelled gzip body is recognised. Errors: unsupported_encoding (unknown name, too many
  // layers), invalid_compression (truncated, corrupt), too_large (more than bytes_max, which is at
  // most envelope_bytes_max), overloaded (the budget is used up).
  Result<std::string_view> Inflate(std::string_view body, std::string_view content_encoding,
                                   std::size_t bytes_max);
  Result<std::string_view> Inflate(std::string_view body, std::string_view content_encoding) {
    return Inflate(body, content_encoding, limits_.envelope_bytes_max);
  }

  // One more layer inside an inflated body (legacy store bodies): zlib, gzip or raw deflate, by
  // looking. A buffer of its own: `bytes` may come from Inflate. bytes_max: above, too_large.
  Result<std::string_view> InflateInner(std::string_view bytes, std::size_t bytes_max);

  // A file that may be packed with gzip, xz, bzip2 or zstd, by its first bytes; otherwise it comes
  // back as it is. Shares the buffer of InflateInner.
  Result<std::string_view> Unpack(std::string_view file, std::size_t bytes_max);

  // Lets go of what only an exceptional body needed. Ends every view.
  void Release();

  // Bytes decompressed since the last call, those of refused bodies too: what a sender made us do.
  std::uint64_t TakeWork();

 private:
  struct Engines;
  struct Buffer;

  Result<std::string_view> Layer(Compression compression, std::string_view bytes, Buffer& out,
                                 std::size_t bytes_max);

  IngestLimits limits_;
  std::unique_ptr<Engines> engines_;
};

// True if the two bytes are a zlib header; otherwise "deflate" means raw deflate.
bool LooksLikeZlib(std::string_view bytes);
bool LooksLikeGzip(std::string_view bytes);

}  // namespace mishap
