#include "ingest/inflate/inflate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "ingest/inflate/drain.h"

namespace mishap {
namespace {

// What a name in Content-Encoding says; "deflate" may mean two things.
enum class Coding { kIdentity, kGzip, kDeflate, kBrotli, kZstd };

std::optional<Coding> CodingNamed(std::string_view name) {
  if (name.empty() || EqualsIgnoreCase(name, "identity")) return Coding::kIdentity;
  if (EqualsIgnoreCase(name, "gzip") || EqualsIgnoreCase(name, "x-gzip")) return Coding::kGzip;
  if (EqualsIgnoreCase(name, "deflate")) return Coding::kDeflate;
  if (EqualsIgnoreCase(name, "br")) return Coding::kBrotli;
  if (EqualsIgnoreCase(name, "zstd")) return Coding::kZstd;
  return std::nullopt;
}

Compression CompressionOf(Coding coding, std::string_view bytes) {
  if (coding == Coding::kGzip) return Compression::kGzip;
  if (coding == Coding::kBrotli) return Compression::kBrotli;
  if (coding == Coding::kZstd) return Compression::kZstd;
  return LooksLikeZlib(bytes) ? Compression::kZlib : Compression::kRawDeflate;
}

// How files are packed, by their first bytes.
struct Wrapper {
  std::string_view magic;
  Compression compression;
};
constexpr Wrapper kWrappers[] = {
    {"\x1f\x8b", Compression::kGzip},
    {{"\xfd\x37\x7a\x58\x5a\x00", 6}, Compression::kXz},
    {"BZh", Compression::kBzip2},
    {"\x28\xb5\x2f\xfd", Compression::kZstd},
};

// The layers in the order they were applied, identities left out.
Result<std::vector<Coding>> ParseLayers(std::string_view header, int layers_max) {
  std::vector<Coding> layers;
  while (!header.empty()) {
    std::size_t comma = header.find(',');
    std::string_view name = TrimAscii(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    auto coding = CodingNamed(name);
    if (!coding) {
      return Fail(
          Reason::kUnsupportedEncoding,
          fmt::format("Content-Encoding \"{}\" is not supported; use gzip, deflate, br or zstd",
                      RepairUtf8(name.substr(0, 50))));
    }
    if (*coding == Coding::kIdentity) continue;
    layers.push_back(*coding);
    if (layers.size() > static_cast<std::size_t>(layers_max)) {
      return Fail(Reason::kUnsupportedEncoding,
                  fmt::format("more than {} layers of Content-Encoding", layers_max));
    }
  }
  return layers;
}

}  // namespace

bool LooksLikeZlib(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  unsigned first = static_cast<unsigned char>(bytes[0]);
  unsigned second = static_cast<unsigned char>(bytes[1]);
  return (first & 0x0F) == 8 && (first << 8 | second) % 31 == 0;
}

bool LooksLikeGzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

struct Inflater::Buffer : OutputBuffer {};

struct Inflater::Engines {
  FastDeflate fast;
  std::array<Buffer, 2> outer;  // a layer reads one and writes the other
  Buffer inner;
  std::uint64_t work = 0;
};

Inflater::Inflater(const IngestLimits& limits, BodyBudget* budget)
    : limits_(limits), engines_(std::make_unique<Engines>()) {
  for (Buffer& buffer : engines_->outer) buffer.ShareBudget(budget);
  engines_->inner.ShareBudget(budget);
}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Result<std::string_view> Inflater::Inflate(std::string_view body, std::string_view content_encoding,
                                           std::size_t bytes_max) {
  bytes_max = std::min(bytes_max, limits_.envelope_bytes_max);
  for (Buffer& buffer : engines_->outer) buffer.Trim();
  auto layers = ParseLayers(content_encoding, limits_.encoding_layers_max);
  if (!layers) return Fail(layers.error());
  if (layers->empty() && LooksLikeGzip(body)) layers->push_back(Coding::kGzip);
  std::size_t buffer = 0;
  while (!layers->empty() && !body.empty()) {
    const Coding coding = layers->back();
    layers->pop_back();
    // Some proxies decompress and leave the header.
    if (coding == Coding::kGzip && body.starts_with('{')) continue;
    auto inflated = Layer(CompressionOf(coding, body), body, engines_->outer[buffer], bytes_max);
    if (!inflated) return inflated;
    body = *inflated;
    buffer = 1 - buffer;
  }
  if (body.size() > bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the body is larger than {} bytes", bytes_max));
  }
  return body;
}

Result<std::string_view> Inflater::InflateInner(std::string_view bytes, std::size_t bytes_max) {
  engines_->inner.Trim();
  const Coding coding = LooksLikeGzip(bytes) ? Coding::kGzip : Coding::kDeflate;
  return Layer(CompressionOf(coding, bytes), bytes, engines_->inner, bytes_max);
}

Result<std::string_view> Inflater::Unpack(std::string_view file, std::size_t bytes_max) {
  for (const Wrapper& wrapper : kWrappers) {
    if (!file.starts_with(wrapper.magic)) continue;
    engines_->inner.Trim();
    return Layer(wrapper.compression, file, engines_->inner, bytes_max);
  }
  return file;
}

void Inflater::Release() {
  for (Buffer& buffer : engines_->outer) buffer.Trim();
  engines_->inner.Trim();
}

std::uint64_t Inflater::TakeWork() {
  return std::exchange(engines_->work, 0);
}

Result<std::string_view> Inflater::Layer(Compression compression, std::string_view bytes,
                                         Buffer& out, std::size_t bytes_max) {
  const bool deflate = compression == Compression::kGzip || compression == Compression::kZlib ||
                       compression == Compression::kRawDeflate;
  const InflateBounds bounds{bytes_max, limits_.ratio_guard_bytes,
                             deflate ? limits_.deflate_ratio_max : limits_.ratio_max};
  std::size_t fast_size = 0;
  if (deflate && engines_->fast.TryInflate(compression, bytes, out, bytes_max, fast_size)) {
    engines_->work += fast_size;
    return std::string_view(out.Begin(), fast_size);
  }
  const DecoderOptions options{limits_.zstd_window_log_max, limits_.brotli_window_bytes_max,
                               limits_.xz_memory_bytes_max};
  auto size = Drain(compression, bytes, out, bounds, options, engines_->work);
  if (!size) {
    out.Trim();  // not only when the next body comes
    return Fail(size.error());
  }
  return std::string_view(out.Begin(), *size);
}

}  // namespace mishap
