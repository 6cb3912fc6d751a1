// The closed list of why something did not go the straight way. One enum from the wire to the
// metrics; ingest/verdict.cc turns it into an HTTP status, an outcome and a Retry-After. Not a
// place for text: details travel in Error::detail.
#pragma once

#include <cstdint>
#include <string_view>

namespace mishap {

enum class Reason : std::uint8_t {
  // Verdicts: the client's fault, or a rule of ours. Repeating the same request changes nothing.
  kInvalidEnvelope,
  kInvalidJson,
  kInvalidCompression,
  kInvalidArgument,      // a bad query parameter, flag, field or id
  kUnsupportedEncoding,  // Content-Encoding we do not speak
  kTooLarge,
  kUnauthenticated,  // no credentials, unreadable or contradicting credentials
  kUnknownKey,       // key unknown, disabled, or of another project
  kPermissionDenied,
  kOriginDenied,
  kNotFound,
  kMethodNotAllowed,
  kConflict,
  kFiltered,
  kRateLimited,
  kDuplicate,
  // Faults: ours. A retry may help.
  kOverloaded,
  kUnavailable,
  kTimeout,
  // A bug of ours.
  kInternal,
};

// snake_case name as it stands in logs, metrics and API bodies, e.g. "rate_limited".
std::string_view ReasonName(Reason reason);

}  // namespace mishap
