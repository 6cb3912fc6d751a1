// From an update over gRPC to the JSON body of the same change over HTTP, so that there is one
// reader of changes with one set of bounds and messages (api/triage/update_body.h and its kin).
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/grpc/rpc_status.h"
#include "proto/field_mask.h"
#include "proto/message.h"

namespace mishap {

struct UpdatableField {
  std::string_view name;
  std::string_view json_name = {};  // empty: the contract's
  bool is_flat = false;             // a message whose fields stand at top level in JSON
  bool may_be_unset = false;        // an enumeration: unspecified leaves the choice to the server
};

// Which fields an update means. update_mask: its bytes, or empty. Errors: INVALID_ARGUMENT
// (unknown, output only, nothing to change).
tl::expected<FieldMask, GrpcStatus> UpdateMaskOf(std::string_view update_mask,
                                                 const MessageView& resource,
                                                 const std::vector<UpdatableField>& fields);

// The body. within: "issue", the request's field that holds the resource. Errors: INVALID_ARGUMENT
// (a value the contract has no word for, or nothing where there must be something).
tl::expected<std::string, GrpcStatus> UpdateJson(const MessageView& resource,
                                                 std::string_view within, const FieldMask& mask,
                                                 const std::vector<UpdatableField>& fields);

// "ISSUE_STATUS_RESOLVED" -> "resolved"; empty for unspecified and unknown numbers.
std::string EnumWord(const ProtoEnumType& type, std::int64_t number);
// The number of a word; 0 if there is none.
std::int64_t EnumNumber(const ProtoEnumType& type, std::string_view word);

}  // namespace mishap
