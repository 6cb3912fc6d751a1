#include "ingest/verdict.h"

namespace mishap {

Verdict VerdictOf(Reason reason) {
  using enum Reason;
  using Code = GrpcCode;
  constexpr Outcome kBad = Outcome::kInvalid;
  switch (reason) {
    case kInvalidEnvelope:
      return {400, Code::kInvalidArgument, kBad, "invalid_envelope", false};
    case kInvalidJson:
      return {400, Code::kInvalidArgument, kBad, "invalid_json", false};
    case kInvalidCompression:
      return {400, Code::kInvalidArgument, kBad, "invalid_compression", false};
    case kInvalidArgument:
      return {400, Code::kInvalidArgument, kBad, "payload", false};
    case kUnsupportedEncoding:
      return {415, Code::kInvalidArgument, kBad, "content_type", false};
    case kTooLarge:
      return {413, Code::kResourceExhausted, kBad, "too_large", false};
    case kUnauthenticated:
      return {401, Code::kUnauthenticated, kBad, "auth_client", false};
    case kUnknownKey:
      return {403, Code::kPermissionDenied, kBad, "project_id", false};
    case kPermissionDenied:
      return {403, Code::kPermissionDenied, kBad, "project_state", false};
    case kOriginDenied:
      return {403, Code::kPermissionDenied, kBad, "cors", false};
    case kNotFound:
      return {404, Code::kNotFound, kBad, "payload", false};
    case kMethodNotAllowed:
      return {405, Code::kUnimplemented, kBad, "disallowed_method", false};
    case kConflict:
      return {409, Code::kAlreadyExists, kBad, "duplicate", false};
    case kFiltered:  // the client did nothing wrong: it is told so
      return {200, Code::kOk, Outcome::kFiltered, "filtered", false};
    case kRateLimited:
      return {429, Code::kResourceExhausted, Outcome::kRateLimited, "key_quota", true};
    case kDuplicate:
      return {200, Code::kOk, kBad, "duplicate", false};
    case kOverloaded:
    case kUnavailable:
      return {503, Code::kUnavailable, kBad, "internal", true};
    case kTimeout:
      return {503, Code::kDeadlineExceeded, kBad, "internal", true};
    case kInternal:
      return {500, Code::kInternal, kBad, "internal", false};
  }
  return {};
}

}  // namespace mishap
