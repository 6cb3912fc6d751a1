#include "ingest/inflate/drain.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

namespace mishap {
namespace {

using State = DecodeStep::State;

// An output up to the last of these is simply kept; nearly every body's is. In few steps: what a
// grown buffer leaves behind is memory too.
constexpr std::size_t kCapacities[] = {64u << 10, 512u << 10, 4u << 20};
constexpr std::size_t kKeepCapacity = 4u << 20;
constexpr std::size_t kScratchBytes = 64u << 10;

tl::unexpected<Error> Damaged(Compression compression) {
  return Fail(
      Reason::kInvalidCompression,
      fmt::format("the body is not complete, well-formed {} data", CompressionName(compression)));
}

// One byte beyond the bound proves that it is crossed.
Status Within(std::size_t written, std::size_t consumed, const InflateBounds& bounds) {
  if (written > bounds.bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the body is larger than {} bytes when decompressed",
                                               bounds.bytes_max));
  }
  if (written > bounds.ratio_guard_bytes &&
      written / std::max<std::size_t>(consumed, 1) > bounds.ratio_max) {
    return Fail(
        Reason::kTooLarge,
        fmt::format("the body decompresses to more than {} times its size", bounds.ratio_max));
  }
  return {};
}

// One decompressor and how far it has come.
struct Run {
  Run(Compression c, std::string_view bytes, const DecoderOptions& options)
      : compression(c), in(bytes), decoder(MakeStreamDecoder(c, options)) {}

  // Errors: invalid_compression.
  Result<State> Step(char* out, std::size_t room) {
    const DecodeStep step = decoder->Step(in.substr(consumed), out, room);
    consumed += step.consumed;
    written += step.written;
    const bool stuck =
        step.state == State::kMore && room > 0 && step.consumed == 0 && step.written == 0;
    if (step.state == State::kDamaged || stuck) return Damaged(compression);
    if (step.state == State::kTooMuchMemory) {
      return Fail(Reason::kTooLarge,
                  fmt::format("the body was compressed with a larger {} window than this server "
                              "takes",
                              CompressionName(compression)));
    }
    return step.state;
  }

  const Compression compression;
  const std::string_view in;
  const std::unique_ptr<StreamDecoder> decoder;
  std::size_t consumed = 0;
  std::size_t written = 0;
};

// Into what a buffer may keep anyway. kMore: it is larger than that.
Result<State> DrainSmall(Run& run, OutputBuffer& out, const InflateBounds& bounds) {
  while (run.written < kKeepCapacity) {
    if (run.written == out.Capacity()) {
      const auto* next =
          std::upper_bound(std::begin(kCapacities), std::end(kCapacities), out.Capacity());
      out.Grow(*next, run.written);
    }
    const std::size_t capacity = std::min(out.Capacity(), kKeepCapacity);
    const std::size_t room = std::min(capacity, bounds.bytes_max + 1) - run.written;
    auto state = run.Step(out.Begin() + run.written, room);
    if (!state) return state;
    if (Status within = Within(run.written, run.consumed, bounds); !within) {
      return Fail(within.error());
    }
    if (*state == State::kDone) return state;
  }
  return State::kMore;
}

Status Measure(Run& run, const InflateBounds& bounds) {
  std::vector<char> scratch(kScratchBytes);
  while (true) {
    auto state = run.Step(scratch.data(), scratch.size());
    if (!state) return Fail(state.error());
    if (Status within = Within(run.written, run.consumed, bounds); !within) return within;
    if (*state == State::kDone) return {};
  }
}

Status DrainAll(Run& run, char* out, std::size_t capacity) {
  while (true) {
    auto state = run.Step(out + run.written, capacity - run.written);
    if (!state) return Fail(state.error());
    if (*state == State::kDone) return {};
    if (run.written == capacity) return Damaged(run.compression);  // it was measured: cannot be
  }
}

}  // namespace

void OutputBuffer::Grow(std::size_t capacity, std::size_t used) {
  if (capacity <= capacity_) return;
  std::unique_ptr<char[]> bigger(new char[capacity]);
  if (used > 0) std::memcpy(bigger.get(), bytes_.get(), used);
  bytes_ = std::move(bigger);
  capacity_ = capacity;
}

bool OutputBuffer::Replace(std::size_t capacity) {
  Drop();
  if (budget_ != nullptr && !budget_->TryTake(capacity)) return false;
  taken_ = budget_ != nullptr ? capacity : 0;
  bytes_.reset(new char[capacity]);
  capacity_ = capacity;
  return true;
}

void OutputBuffer::Trim() {
  if (capacity_ > kKeepCapacity) Drop();
}

void OutputBuffer::Drop() {
  bytes_.reset();
  capacity_ = 0;
  if (taken_ > 0) budget_->Give(taken_);
  taken_ = 0;
}

FastDeflate::FastDeflate() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}
FastDeflate::~FastDeflate() {
  libdeflate_free_decompressor(decompressor_);
}

bool FastDeflate::TryInflate(Compression wrap, std::string_view in, OutputBuffer& out,
                             std::size_t bytes_max, std::size_t& size) {
  // Guessing from the input's size only: the size in a gzip trailer is the sender's word.
  const std::size_t guess = std::max(kCapacities[0], in.size() * 8);
  if (guess <= kKeepCapacity) out.Grow(guess, 0);
  const std::size_t room = std::min(out.Capacity(), bytes_max);
  std::size_t consumed = 0;
  auto decompress = wrap == Compression::kGzip   ? libdeflate_gzip_decompress_ex
                    : wrap == Compression::kZlib ? libdeflate_zlib_decompress_ex
                                                 : libdeflate_deflate_decompress_ex;
  auto result =
      decompress(decompressor_, in.data(), in.size(), out.Begin(), room, &consumed, &size);
  return result == LIBDEFLATE_SUCCESS && consumed == in.size();
}

Result<std::size_t> Drain(Compression compression, std::string_view in, OutputBuffer& out,
                          const InflateBounds& bounds, const DecoderOptions& options,
                          std::uint64_t& work) {
  {
    Run small(compression, in, options);
    auto state = DrainSmall(small, out, bounds);
    work += small.written;
    if (!state) return Fail(state.error());
    if (*state == State::kDone) return small.written;
  }
  out.Drop();
  std::size_t size = 0;
  {
    Run measured(compression, in, options);
    const Status fits = Measure(measured, bounds);
    work += measured.written;
    if (!fits) return Fail(fits.error());
    size = measured.written;
  }
  // Never without room: the end of a stream may come in a step of its own.
  if (!out.Replace(size + 1)) {
    return Fail(Reason::kOverloaded,
                "too many large bodies are being decompressed; try again later");
  }
  Run whole(compression, in, options);
  const Status drained = DrainAll(whole, out.Begin(), out.Capacity());
  work += whole.written;
  if (!drained) return Fail(drained.error());
  return whole.written;
}

}  // namespace mishap
