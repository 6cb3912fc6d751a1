#include "base/reason.h"

namespace mishap {

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kInvalidEnvelope:
      return "invalid_envelope";
    case Reason::kInvalidJson:
      return "invalid_json";
    case Reason::kInvalidCompression:
      return "invalid_compression";
    case Reason::kInvalidArgument:
      return "invalid_argument";
    case Reason::kUnsupportedEncoding:
      return "unsupported_encoding";
    case Reason::kTooLarge:
      return "too_large";
    case Reason::kUnauthenticated:
      return "unauthenticated";
    case Reason::kUnknownKey:
      return "unknown_key";
    case Reason::kPermissionDenied:
      return "permission_denied";
    case Reason::kOriginDenied:
      return "origin_denied";
    case Reason::kNotFound:
      return "not_found";
    case Reason::kMethodNotAllowed:
      return "method_not_allowed";
    case Reason::kConflict:
      return "conflict";
    case Reason::kFiltered:
      return "filtered";
    case Reason::kRateLimited:
      return "rate_limited";
    case Reason::kDuplicate:
      return "duplicate";
    case Reason::kOverloaded:
      return "overloaded";
    case Reason::kUnavailable:
      return "unavailable";
    case Reason::kTimeout:
      return "timeout";
    case Reason::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace mishap
