#include "proto/descriptors.h"

extern "C" {
// NOLINTBEGIN(readability-identifier-naming): the linker's names of the embedded file
extern const char mishap_descriptors_begin[];
extern const char mishap_descriptors_end[];
// NOLINTEND(readability-identifier-naming)
}

namespace mishap {

std::string_view ProtoDescriptors() {
  return {mishap_descriptors_begin,
          static_cast<std::size_t>(mishap_descriptors_end - mishap_descriptors_begin)};
}

}  // namespace mishap
