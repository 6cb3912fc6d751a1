// The descriptors of all .proto files of this room, as protoc wrote them, with what they import.
#pragma once

#include <string_view>

namespace mishap {

// The bytes of a google.protobuf.FileDescriptorSet.
std::string_view ProtoDescriptors();

}  // namespace mishap
