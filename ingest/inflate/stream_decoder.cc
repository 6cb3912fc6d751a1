#include "ingest/inflate/stream_decoder.h"

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace mishap {
namespace {

using State = DecodeStep::State;

constexpr std::size_t kStepMax = 1u << 30;  // zlib and bzip2 count in 32 bits

bool OnlyZeros(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// Nothing more to read and room left, but no end: it was cut off.
State MoreOrCut(const DecodeStep& step, std::string_view in, std::size_t room) {
  return step.consumed == in.size() && step.written < room ? State::kDamaged : State::kMore;
}

class DeflateDecoder final : public StreamDecoder {
 public:
  explicit DeflateDecoder(Compression wrap) : gzip_(wrap == Compression::kGzip) {
    const int window_bits = gzip_ ? 31 : wrap == Compression::kZlib ? 15 : -15;
    if (inflateInit2(&z_, window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~DeflateDecoder() override { inflateEnd(&z_); }
  DeflateDecoder(const DeflateDecoder&) = delete;
  DeflateDecoder& operator=(const DeflateDecoder&) = delete;

  DecodeStep Step(std::string_view in, char* out, std::size_t room) override {
    const std::size_t in_step = std::min(in.size(), kStepMax);
    const std::size_t out_step = std::min(room, kStepMax);
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(in_step);
    z_.next_out = reinterpret_cast<Bytef*>(out);
    z_.avail_out = static_cast<uInt>(out_step);
    const int code = inflate(&z_, Z_NO_FLUSH);
    DecodeStep step{in_step - z_.avail_in, out_step - z_.avail_out, State::kMore};
    if (code == Z_STREAM_END) {
      if (OnlyZeros(in.substr(step.consumed))) {
        step.state = State::kDone;
      } else if (!gzip_ || inflateReset(&z_) != Z_OK) {
        step.state = State::kDamaged;
      }  // else: the next gzip member
    } else {
      step.state =
          code == Z_OK || code == Z_BUF_ERROR ? MoreOrCut(step, in, room) : State::kDamaged;
    }
    return step;
  }

 private:
  z_stream z_{};
  const bool gzip_;
};

// Brotli's window grows with the output, up to what the stream asked for, 16 MiB at most: what is
// small needs little, whatever it announced.
class BrotliDecoder final : public StreamDecoder {
 public:
  explicit BrotliDecoder(std::size_t window_bytes_max)
      : block_bytes_max_(window_bytes_max + kBrotliSlack),
        state_(BrotliDecoderCreateInstance(&Allocate, &Release, this)) {
    if (state_ == nullptr) throw std::bad_alloc();
  }
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  DecodeStep Step(std::string_view in, char* out, std::size_t room) override {
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out);
    std::size_t in_left = in.size();
    std::size_t out_left = room;
    const auto code =
        BrotliDecoderDecompressStream(state_, &in_left, &next_in, &out_left, &next_out, nullptr);
    DecodeStep step{in.size() - in_left, room - out_left, State::kDamaged};
    if (code == BROTLI_DECODER_RESULT_SUCCESS && in_left == 0) step.state = State::kDone;
    if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) step.state = State::kMore;
    if (refused_) step.state = State::kTooMuchMemory;
    return step;
  }

 private:
  static constexpr std::size_t kBrotliSlack = 64u << 10;

  static void* Allocate(void* self, std::size_t bytes) {
    auto& decoder = *static_cast<BrotliDecoder*>(self);
    if (bytes <= decoder.block_bytes_max_) return std::malloc(bytes);
    decoder.refused_ = true;
    return nullptr;
  }
  static void Release(void*, void* block) { std::free(block); }

  const std::size_t block_bytes_max_;
  bool refused_ = false;
  BrotliDecoderState* state_;
};

class ZstdDecoder final : public StreamDecoder {
 public:
  explicit ZstdDecoder(int window_log_max) : context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, window_log_max);
  }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  DecodeStep Step(std::string_view in, char* out, std::size_t room) override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out, room, 0};
    const std::size_t code = ZSTD_decompressStream(context_, &target, &source);
    DecodeStep step{source.pos, target.pos, State::kDamaged};
    if (ZSTD_isError(code) != 0) return step;
    const bool frame_ended = code == 0 && source.pos == source.size;
    step.state = frame_ended ? State::kDone : MoreOrCut(step, in, room);
    return step;
  }

 private:
  ZSTD_DCtx* context_;
};

class XzDecoder final : public StreamDecoder {
 public:
  explicit XzDecoder(std::size_t memory_bytes_max) {
    if (lzma_stream_decoder(&stream_, memory_bytes_max, LZMA_CONCATENATED) != LZMA_OK) {
      throw std::bad_alloc();
    }
  }
  ~XzDecoder() override { lzma_end(&stream_); }
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;

  DecodeStep Step(std::string_view in, char* out, std::size_t room) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
    stream_.avail_out = room;
    const lzma_ret code = lzma_code(&stream_, LZMA_FINISH);
    DecodeStep step{in.size() - stream_.avail_in, room - stream_.avail_out, State::kDamaged};
    if (code == LZMA_STREAM_END) step.state = State::kDone;
    if (code == LZMA_OK) step.state = MoreOrCut(step, in, room);
    if (code == LZMA_MEMLIMIT_ERROR) step.state = State::kTooMuchMemory;
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Bzip2Decoder final : public StreamDecoder {
 public:
  Bzip2Decoder() { Open(); }
  ~Bzip2Decoder() override { BZ2_bzDecompressEnd(&stream_); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  DecodeStep Step(std::string_view in, char* out, std::size_t room) override {
    const std::size_t in_step = std::min(in.size(), kStepMax);
    const std::size_t out_step = std::min(room, kStepMax);
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = static_cast<unsigned>(in_step);
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(out_step);
    const int code = BZ2_bzDecompress(&stream_);
    DecodeStep step{in_step - stream_.avail_in, out_step - stream_.avail_out, State::kDamaged};
    const std::string_view rest = in.substr(step.consumed);
    if (code == BZ_OK) {
      step.state = MoreOrCut(step, in, room);
    } else if (code == BZ_STREAM_END && OnlyZeros(rest)) {
      step.state = State::kDone;
    } else if (code == BZ_STREAM_END && rest.starts_with("BZh")) {
      BZ2_bzDecompressEnd(&stream_);
      Open();
      step.state = State::kMore;
    }
    return step;
  }

 private:
  void Open() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  bz_stream stream_{};
};

}  // namespace

std::string_view CompressionName(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return "gzip";
    case Compression::kZlib:
    case Compression::kRawDeflate:
      return "deflate";
    case Compression::kBrotli:
      return "brotli";
    case Compression::kZstd:
      return "zstd";
    case Compression::kXz:
      return "xz";
    case Compression::kBzip2:
      return "bzip2";
  }
  return "compressed";
}

std::unique_ptr<StreamDecoder> MakeStreamDecoder(Compression compression,
                                                 const DecoderOptions& options) {
  switch (compression) {
    case Compression::kBrotli:
      return std::make_unique<BrotliDecoder>(options.brotli_window_bytes_max);
    case Compression::kZstd:
      return std::make_unique<ZstdDecoder>(options.zstd_window_log_max);
    case Compression::kXz:
      return std::make_unique<XzDecoder>(options.xz_memory_bytes_max);
    case Compression::kBzip2:
      return std::make_unique<Bzip2Decoder>();
    case Compression::kGzip:
    case Compression::kZlib:
    case Compression::kRawDeflate:
      break;
  }
  return std::make_unique<DeflateDecoder>(compression);
}

}  // namespace mishap
