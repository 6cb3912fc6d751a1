// zstd frames with trained dictionaries. Contexts are per thread (they are big and not shareable),
// digested dictionaries are shared and immutable.
#include "event/payload_codec.h"

#include <fmt/core.h>
#include <zstd.h>

#include <mutex>
#include <shared_mutex>
#include <unordered_map>

extern "C" {
// NOLINTBEGIN(readability-identifier-naming): the linker's names of the embedded file
extern const char mishap_starter_dict_begin[];
extern const char mishap_starter_dict_end[];
// NOLINTEND(readability-identifier-naming)
}

namespace mishap {
namespace {

// Taken from the measurements the design started from: with a dictionary level 3 costs no more CPU
// than level 1 and is smaller. Not measured again on this dictionary.
constexpr int kLevel = 3;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
struct FreeDictionary {
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};
using CompressDictionary = std::unique_ptr<ZSTD_CDict, FreeDictionary>;
using DecompressDictionary = std::unique_ptr<ZSTD_DDict, FreeDictionary>;

ZSTD_CCtx* ThreadCompressor() {
  thread_local std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* ThreadDecompressor() {
  thread_local std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace

std::string_view StarterDictionary() {
  return {mishap_starter_dict_begin,
          static_cast<std::size_t>(mishap_starter_dict_end - mishap_starter_dict_begin)};
}

std::uint32_t StarterDictionaryId() {
  std::string_view dictionary = StarterDictionary();
  return ZSTD_getDictID_fromDict(dictionary.data(), dictionary.size());
}

struct PayloadCodec::Impl {
  CompressDictionary compress;
  mutable std::shared_mutex mutex;  // guards `known` only; a dictionary once there never goes
  std::unordered_map<std::uint32_t, DecompressDictionary> known;

  const ZSTD_DDict* Find(std::uint32_t id) const {
    std::shared_lock lock(mutex);
    auto it = known.find(id);
    return it == known.end() ? nullptr : it->second.get();
  }
};

PayloadCodec::PayloadCodec() : impl_(std::make_unique<Impl>()) {
  std::string_view starter = StarterDictionary();
  impl_->compress.reset(ZSTD_createCDict(starter.data(), starter.size(), kLevel));
  (void)AddDictionary(starter);
}

PayloadCodec::~PayloadCodec() = default;

Status PayloadCodec::AddDictionary(std::string_view dictionary) {
  std::uint32_t id = ZSTD_getDictID_fromDict(dictionary.data(), dictionary.size());
  if (id == 0) {
    return Fail(Reason::kInvalidArgument,
                fmt::format("{} bytes that are not a zstd dictionary; train one with zstd --train",
                            dictionary.size()));
  }
  DecompressDictionary digested(ZSTD_createDDict(dictionary.data(), dictionary.size()));
  if (!digested) return Fail(Reason::kInvalidArgument, fmt::format("dictionary {} is damaged", id));
  std::unique_lock lock(impl_->mutex);
  impl_->known.try_emplace(id, std::move(digested));
  return {};
}

bool PayloadCodec::HasDictionary(std::uint32_t id) const {
  return impl_->Find(id) != nullptr;
}

std::string PayloadCodec::Compress(std::string_view json) const {
  std::string frame(ZSTD_compressBound(json.size()), '\0');
  std::size_t size = ZSTD_compress_usingCDict(ThreadCompressor(), frame.data(), frame.size(),
                                              json.data(), json.size(), impl_->compress.get());
  // Only a too small buffer or no memory could fail here, and the bound rules out the first.
  if (ZSTD_isError(size)) size = 0;
  frame.resize(size);
  return frame;
}

Result<std::string> PayloadCodec::Decompress(std::string_view frame, std::size_t bytes_max) const {
  unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) {
    return Fail(Reason::kInternal, "the payload is not a zstd frame of ours: it is damaged");
  }
  if (size > bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("the payload unpacks to {} bytes, the limit is {}", size, bytes_max));
  }
  std::uint32_t id = ZSTD_getDictID_fromFrame(frame.data(), frame.size());
  const ZSTD_DDict* dictionary = id == 0 ? nullptr : impl_->Find(id);
  if (id != 0 && dictionary == nullptr) {
    return Fail(Reason::kUnavailable,
                fmt::format("dictionary {} of the payload is not loaded (yet)", id));
  }
  std::string json(size, '\0');
  std::size_t got = dictionary == nullptr
                        ? ZSTD_decompressDCtx(ThreadDecompressor(), json.data(), json.size(),
                                              frame.data(), frame.size())
                        : ZSTD_decompress_usingDDict(ThreadDecompressor(), json.data(), json.size(),
                                                     frame.data(), frame.size(), dictionary);
  if (ZSTD_isError(got) || got != size) {
    return Fail(Reason::kInternal,
                fmt::format("the payload is damaged: {}", ZSTD_getErrorName(got)));
  }
  return json;
}

}  // namespace mishap
