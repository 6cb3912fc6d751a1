// QueryJob: one call of QueryService on its way from an io thread to a worker of the API, and what
// comes back. Plain values; the call's own object may be gone by the time it is answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "net/grpc/grpc.h"
#include "net/http.h"

namespace mishap {

inline constexpr std::string_view kQueryServiceName = "mishap.v1.QueryService";
inline constexpr std::size_t kQueryMessageBytesMax = 1u << 20;  // of a request, unpacked too
inline constexpr std::size_t kQueryPageBytesMax = 2u << 20;     // events of a page end there
inline constexpr std::size_t kQueryJobOverheadBytes = 1024;

struct QueryAnswer {
  GrpcStatus status;
  std::string message;  // where status is OK
};

struct QueryJob {
  std::string method;   // "ListIssues"
  HttpHeaders headers;  // those that say who calls
  std::string peer_ip;
  std::string message;
  std::string encoding;  // of a compressed message; empty: it is none
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::stop_token cancelled;
  std::function<void(QueryAnswer)> done;  // once, from any thread
};

// Takes the job to a worker. False: no room, or not open yet; the job is untouched.
using QuerySubmit = std::function<bool(QueryJob& job)>;

}  // namespace mishap
