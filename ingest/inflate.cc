#include "ingest/inflate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "ingest/inflate_engines.h"

namespace mishap {
namespace {

std::optional<Coding> CodingNamed(std::string_view name) {
  if (name.empty() || EqualsIgnoreCase(name, "identity")) return Coding::kIdentity;
  if (EqualsIgnoreCase(name, "gzip") || EqualsIgnoreCase(name, "x-gzip")) return Coding::kGzip;
  if (EqualsIgnoreCase(name, "deflate")) return Coding::kDeflate;
  if (EqualsIgnoreCase(name, "br")) return Coding::kBrotli;
  if (EqualsIgnoreCase(name, "zstd")) return Coding::kZstd;
  return std::nullopt;
}

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
  explicit Engines(int window_log_max) : zstd(window_log_max) {}
  FastDeflate fast;
  ZstdInflate zstd;
  std::array<Buffer, 2> outer;  // a layer reads one and writes the other
  Buffer inner;
};

Inflater::Inflater(const IngestLimits& limits)
    : limits_(limits), engines_(std::make_unique<Engines>(limits.zstd_window_log_max)) {}
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
    Coding coding = layers->back();
    layers->pop_back();
    // Some proxies decompress and leave the header.
    if (coding == Coding::kGzip && body.starts_with('{')) continue;
    auto inflated = Layer(coding, body, engines_->outer[buffer], bytes_max);
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
  Coding coding = LooksLikeGzip(bytes) ? Coding::kGzip : Coding::kDeflate;
  return Layer(coding, bytes, engines_->inner, bytes_max);
}

Result<std::string_view> Inflater::Layer(Coding coding, std::string_view bytes, Buffer& out,
                                         std::size_t bytes_max) {
  InflateBounds bounds{bytes_max, limits_.ratio_guard_bytes, limits_.ratio_max};
  Result<std::size_t> size = 0;
  if (coding == Coding::kBrotli) {
    size = StreamBrotli(bytes, out, bounds);
  } else if (coding == Coding::kZstd) {
    size = engines_->zstd.Inflate(bytes, out, bounds);
  } else {
    DeflateWrap wrap = coding == Coding::kGzip ? DeflateWrap::kGzip
                       : LooksLikeZlib(bytes)  ? DeflateWrap::kZlib
                                               : DeflateWrap::kRaw;
    bounds.ratio_max = limits_.deflate_ratio_max;
    if (!engines_->fast.TryInflate(wrap, bytes, out, bytes_max, *size)) {
      size = StreamDeflate(wrap, bytes, out, bounds);
    }
  }
  if (!size) {
    out.Trim();  // not only when the next body comes
    return Fail(size.error());
  }
  return std::string_view(out.Begin(), *size);
}

}  // namespace mishap
