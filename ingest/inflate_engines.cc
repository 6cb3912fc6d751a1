#include "ingest/inflate_engines.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <vector>

namespace mishap {
namespace {

constexpr std::size_t kFirstCapacity = 64u << 10;
constexpr std::size_t kKeepCapacity = 4u << 20;
constexpr std::size_t kZlibStep = 1u << 30;  // avail_in and avail_out are 32 bits
// An output of this size and ratio is first measured without being kept: deflate's bombs stay below
// any ratio that would tell them from a file of zeros, and memory is what they are after.
constexpr std::size_t kMeasureBytes = 8u << 20;
constexpr std::size_t kMeasureRatio = 20;

tl::unexpected<Error> Damaged(std::string_view what) {
  return Fail(Reason::kInvalidCompression,
              fmt::format("the body is not complete, well-formed {} data", what));
}

// Makes room for more output, or says why there may be no more. One byte beyond the bound proves
// that it is crossed.
Status MakeRoom(OutputBuffer& out, std::size_t used, std::size_t consumed,
                const InflateBounds& bounds) {
  if (used > bounds.bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the body is larger than {} bytes when decompressed",
                                               bounds.bytes_max));
  }
  if (used > bounds.ratio_guard_bytes &&
      used / std::max<std::size_t>(consumed, 1) > bounds.ratio_max) {
    return Fail(
        Reason::kTooLarge,
        fmt::format("the body decompresses to more than {} times its size", bounds.ratio_max));
  }
  if (used < out.Capacity()) return {};
  std::size_t capacity = std::max(kFirstCapacity, out.Capacity() * 2);
  out.Grow(std::min(capacity, bounds.bytes_max + 1), used);
  return {};
}

struct ZStream {
  z_stream z{};
  bool open = false;
  ~ZStream() {
    if (open) inflateEnd(&z);
  }
};

bool OnlyZeros(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

int WindowBits(DeflateWrap wrap) {
  return wrap == DeflateWrap::kGzip ? 31 : wrap == DeflateWrap::kZlib ? 15 : -15;
}

// Fails if the output is larger than the bound, or damaged.
Status MeasureDeflate(DeflateWrap wrap, std::string_view in, const InflateBounds& bounds) {
  ZStream stream;
  if (inflateInit2(&stream.z, WindowBits(wrap)) != Z_OK) throw std::bad_alloc();
  stream.open = true;
  std::vector<char> scratch(kFirstCapacity);
  std::size_t consumed = 0;
  std::size_t used = 0;
  while (used <= bounds.bytes_max) {
    const std::size_t in_step = std::min(in.size() - consumed, kZlibStep);
    stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data() + consumed));
    stream.z.avail_in = static_cast<uInt>(in_step);
    stream.z.next_out = reinterpret_cast<Bytef*>(scratch.data());
    stream.z.avail_out = static_cast<uInt>(scratch.size());
    const int code = inflate(&stream.z, Z_NO_FLUSH);
    consumed += in_step - stream.z.avail_in;
    used += scratch.size() - stream.z.avail_out;
    if (code == Z_STREAM_END) {
      if (wrap != DeflateWrap::kGzip || OnlyZeros(in.substr(consumed))) return {};
      if (inflateReset(&stream.z) != Z_OK) return {};
    } else if (code != Z_OK) {
      return Damaged(wrap == DeflateWrap::kGzip ? "gzip" : "deflate");
    }
  }
  return Fail(Reason::kTooLarge,
              fmt::format("the body is larger than {} bytes when decompressed", bounds.bytes_max));
}

}  // namespace

void OutputBuffer::Grow(std::size_t capacity, std::size_t used) {
  if (capacity <= capacity_) return;
  std::unique_ptr<char[]> bigger(new char[capacity]);
  if (used > 0) std::memcpy(bigger.get(), bytes_.get(), used);
  bytes_ = std::move(bigger);
  capacity_ = capacity;
}

void OutputBuffer::Trim() {
  if (capacity_ <= kKeepCapacity) return;
  bytes_.reset();
  capacity_ = 0;
}

FastDeflate::FastDeflate() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}
FastDeflate::~FastDeflate() {
  libdeflate_free_decompressor(decompressor_);
}

bool FastDeflate::TryInflate(DeflateWrap wrap, std::string_view in, OutputBuffer& out,
                             std::size_t bytes_max, std::size_t& size) {
  // Guessing from the input's size only: the size in a gzip trailer is the sender's word.
  std::size_t guess = std::max(kFirstCapacity, in.size() * 8);
  if (guess <= kKeepCapacity) out.Grow(guess, 0);
  std::size_t room = std::min(out.Capacity(), bytes_max);
  std::size_t consumed = 0;
  auto decompress = wrap == DeflateWrap::kGzip   ? libdeflate_gzip_decompress_ex
                    : wrap == DeflateWrap::kZlib ? libdeflate_zlib_decompress_ex
                                                 : libdeflate_deflate_decompress_ex;
  auto result =
      decompress(decompressor_, in.data(), in.size(), out.Begin(), room, &consumed, &size);
  return result == LIBDEFLATE_SUCCESS && consumed == in.size();
}

Result<std::size_t> StreamDeflate(DeflateWrap wrap, std::string_view in, OutputBuffer& out,
                                  const InflateBounds& bounds) {
  ZStream stream;
  if (inflateInit2(&stream.z, WindowBits(wrap)) != Z_OK) throw std::bad_alloc();
  stream.open = true;
  std::size_t consumed = 0;
  std::size_t used = 0;
  bool measured = false;
  for (;;) {
    if (!measured && used >= kMeasureBytes && used / kMeasureRatio > consumed) {
      measured = true;
      if (Status fits = MeasureDeflate(wrap, in, bounds); !fits) return Fail(fits.error());
    }
    if (Status room = MakeRoom(out, used, consumed, bounds); !room) return Fail(room.error());
    std::size_t in_step = std::min(in.size() - consumed, kZlibStep);
    std::size_t out_step = std::min(out.Capacity() - used, kZlibStep);
    stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data() + consumed));
    stream.z.avail_in = static_cast<uInt>(in_step);
    stream.z.next_out = reinterpret_cast<Bytef*>(out.Begin() + used);
    stream.z.avail_out = static_cast<uInt>(out_step);
    int code = inflate(&stream.z, Z_NO_FLUSH);
    consumed += in_step - stream.z.avail_in;
    used += out_step - stream.z.avail_out;
    if (code == Z_STREAM_END) {
      std::string_view rest = in.substr(consumed);
      if (OnlyZeros(rest)) break;  // padding behind the last member
      if (wrap != DeflateWrap::kGzip || inflateReset(&stream.z) != Z_OK) return Damaged("deflate");
      continue;  // the next gzip member
    }
    bool stuck = code == Z_BUF_ERROR && consumed == in.size() && used < out.Capacity();
    if (stuck || (code != Z_OK && code != Z_BUF_ERROR)) {
      return Damaged(wrap == DeflateWrap::kGzip ? "gzip" : "deflate");
    }
  }
  if (used > bounds.bytes_max) return Fail(MakeRoom(out, used, consumed, bounds).error());
  return used;
}

Result<std::size_t> StreamBrotli(std::string_view in, OutputBuffer& out,
                                 const InflateBounds& bounds) {
  std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  if (!state) throw std::bad_alloc();
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  std::size_t in_left = in.size();
  std::size_t used = 0;
  for (;;) {
    Status room = MakeRoom(out, used, in.size() - in_left, bounds);
    if (!room) return Fail(room.error());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.Begin() + used);
    std::size_t out_left = out.Capacity() - used;
    auto code = BrotliDecoderDecompressStream(state.get(), &in_left, &next_in, &out_left, &next_out,
                                              nullptr);
    used = out.Capacity() - out_left;
    if (code == BROTLI_DECODER_RESULT_SUCCESS) break;
    if (code != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return Damaged("brotli");
  }
  if (in_left > 0) return Damaged("brotli");
  if (used > bounds.bytes_max) return Fail(MakeRoom(out, used, in.size(), bounds).error());
  return used;
}

ZstdInflate::ZstdInflate(int window_log_max) : context_(ZSTD_createDCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, window_log_max);
}
ZstdInflate::~ZstdInflate() {
  ZSTD_freeDCtx(context_);
}

Result<std::size_t> ZstdInflate::Inflate(std::string_view in, OutputBuffer& out,
                                         const InflateBounds& bounds) {
  ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
  ZSTD_inBuffer source{in.data(), in.size(), 0};
  std::size_t used = 0;
  for (;;) {
    if (Status room = MakeRoom(out, used, source.pos, bounds); !room) return Fail(room.error());
    ZSTD_outBuffer target{out.Begin(), out.Capacity(), used};
    std::size_t code = ZSTD_decompressStream(context_, &target, &source);
    used = target.pos;
    if (ZSTD_isError(code)) return Damaged("zstd");
    if (source.pos == source.size && target.pos < target.size) {
      if (code != 0) return Damaged("zstd");
      break;
    }
  }
  if (used > bounds.bytes_max) return Fail(MakeRoom(out, used, source.pos, bounds).error());
  return used;
}

}  // namespace mishap
