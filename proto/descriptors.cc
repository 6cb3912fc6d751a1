#include "proto/descriptors.h"

extern "C" {
extern const char mishap_descriptors_begin[];
extern const char mishap_descriptors_end[];
}

namespace mishap {

std::string_view ProtoDescriptors() {
  return {mishap_descriptors_begin,
          static_cast<std::size_t>(mishap_descriptors_end - mishap_descriptors_begin)};
}

}  // namespace mishap
