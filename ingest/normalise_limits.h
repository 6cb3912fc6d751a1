// Every bound of an event's fields. Characters are Unicode scalar values; a text longer than `max`
// plus its allowance is cut to `max` and ends in "...". Names that grouping reads are cut at
// kNameBytesMax without dots (their keys are frozen).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace mishap {

struct TextLimit {
  std::size_t chars_max;
  std::size_t allowance = 0;
};
inline constexpr TextLimit kMessageLimit{8192, 200};
inline constexpr TextLimit kServerNameLimit{256, 20};
inline constexpr TextLimit kUrlLimit{2048, 40};
inline constexpr TextLimit kFragmentLimit{1024, 100};
inline constexpr TextLimit kNameLimit{200};  // transaction, culprit
inline constexpr TextLimit kEnumLimit{128};  // kinds, ids and names of people and things
inline constexpr TextLimit kEmailLimit{254};
inline constexpr TextLimit kTagValueLimit{200};
inline constexpr TextLimit kSourceLineLimit{512};
inline constexpr std::size_t kNameBytesMax = 1024;

inline constexpr std::size_t kReleaseBytesMax = 200;
inline constexpr std::size_t kEnvironmentBytesMax = 64;
inline constexpr std::size_t kDistBytesMax = 64;
inline constexpr std::size_t kPlatformBytesMax = 64;
inline constexpr std::size_t kLoggerBytesMax = 64;
inline constexpr std::size_t kChecksumBytesMax = 128;
inline constexpr std::size_t kTagKeyBytesMax = 200;
inline constexpr std::size_t kTagsMax = 100;
inline constexpr std::size_t kFingerprintPartsMax = 50;
inline constexpr std::size_t kFingerprintPartBytesMax = 512;
inline constexpr std::size_t kBreadcrumbsMax = 200;
inline constexpr std::size_t kExceptionsMax = 50;  // the first and the last 25
inline constexpr std::size_t kFramesMax = 250;     // the youngest
inline constexpr std::size_t kFramesWithContextMax = 50;
inline constexpr std::size_t kContextLinesMax = 50;
inline constexpr std::size_t kModulesMax = 1000;
inline constexpr std::size_t kMembersMax = 1000;  // of one object whose names are the client's
inline constexpr std::size_t kSdkListMax = 200;

// A data bag: bytes of its JSON and depth of its containers.
struct BagLimit {
  std::size_t bytes_max;
  std::size_t depth_max;
};
inline constexpr BagLimit kSmallBag{1024, 3};
inline constexpr BagLimit kMediumBag{2048, 5};
inline constexpr BagLimit kLargeBag{8192, 7};
inline constexpr BagLimit kExtraValueBag{16384, 7};
inline constexpr std::size_t kExtraBytesMax = 262144;

inline constexpr std::int64_t kDriftMin = 55 * 60 * kMicrosPerSecond;
inline constexpr std::int64_t kFutureMax = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kPastMax = 30 * kMicrosPerDay;

}  // namespace mishap
