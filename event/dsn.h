// DSN: {protocol}://{public_key}[:{secret}]@{host}[:{port}]{path}/{project_id}
// (ingest-protocol 1.1)
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace mishap {

struct Dsn {
  std::string scheme;      // http | https
  std::string public_key;  // as given, flags after the first '.' cut off
  std::string host;        // with port, if any
  std::string path;        // prefix without trailing slash
  ProjectId project;

  // "http://key@host:port/prefix/42"
  std::string ToString() const;
};

// Errors: invalid_argument, naming the part that is wrong. The host is never judged.
Result<Dsn> ParseDsn(std::string_view text);

// 32 lower-case hex digits after cutting flags and lowering; invalid_argument otherwise.
Result<std::string> ParsePublicKey(std::string_view text);
// A decimal project id 1..kProjectIdMax; invalid_argument otherwise.
Result<ProjectId> ParseProjectId(std::string_view text);

}  // namespace mishap
