#include "tests/unit/ingest/compressed.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

namespace mishap {

std::string Deflate(std::string_view bytes, Wrap wrap) {
  z_stream z{};
  int bits = wrap == Wrap::kGzip ? 31 : wrap == Wrap::kZlib ? 15 : -15;
  deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, bytes.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string Brotli(std::string_view bytes) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size()) + 64;
  std::string out(size, '\0');
  BrotliEncoderCompress(2, 22, BROTLI_MODE_GENERIC, bytes.size(),
                        reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                        reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string Zstd(std::string_view bytes, int window_log) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  // Streaming keeps the window in the frame's header even for small inputs.
  ZSTD_outBuffer target{out.data(), out.size(), 0};
  ZSTD_inBuffer source{bytes.data(), bytes.size(), 0};
  ZSTD_compressStream2(context, &target, &source, ZSTD_e_flush);
  ZSTD_compressStream2(context, &target, &source, ZSTD_e_end);
  out.resize(target.pos);
  ZSTD_freeCCtx(context);
  return out;
}

}  // namespace mishap
