// Putting uploaded files together from their pieces: what the routes of bundles and of debug files
// share (web-api 1.1.4, 1.1.5). Inside api/release.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "api/json_body.h"
#include "base/json_writer.h"

namespace mishap {

struct AssembleState {
  std::string_view state;            // ok, not_found, error
  std::vector<std::string> missing;  // pieces to send
  std::string detail;
  std::uint64_t bytes = 0;
};

// Puts the file together if the organization has sent all its pieces, or a project of the scope has
// the file already: a checksum that somebody else uploaded says nothing. A wrong checksum is not
// remembered: the client may send the pieces again. Errors: those of storage.
Result<AssembleState> TryAssemble(const ApiCall& call, const Scope& scope,
                                  const std::string& checksum,
                                  const std::vector<std::string>& chunks);

// The fields of the state, without braces.
void WriteState(const AssembleState& state, JsonWriter& json);

// SHA-1 checksums of a body, lower case; what is none is the body's problem.
std::string TakeChecksum(JsonBody& body, std::string_view name);
std::vector<std::string> TakeChunks(JsonBody& body);

}  // namespace mishap
