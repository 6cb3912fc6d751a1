// A request that a door refused as a whole: what the people of its project are shown while they set
// a client up. No body, no secret, no whole key.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/reason.h"

namespace mishap {

struct RefusedRequest {
  Timestamp at;
  std::string door;    // "envelope", "store", ..., "grpc"
  std::string method;  // of HTTP; empty for gRPC
  int status = 0;      // HTTP status it was answered, also for gRPC by the same table
  Reason reason = Reason::kInternal;
  std::string detail;      // as the client was told
  std::string key;         // "4f1c…254": the key it came with; empty: none
  std::string ip;          // of the client; empty where the project scrubs addresses
  std::string sdk;         // "sentry.python/2.1": what the client calls itself; empty: nothing
  std::int64_t times = 1;  // in a row, all alike; `at` is the newest
};

}  // namespace mishap
