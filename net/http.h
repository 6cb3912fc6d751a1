// HTTP as plain structs: what a door gets and gives. Boost.Beast stays inside net/*.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mishap {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // names as received

struct HttpMessageRequest {
  std::string method;  // "GET", upper case as received
  std::string target;  // "/api/42/envelope/?sentry_key=..." as received
  std::string path;    // raw path without query, not percent-decoded
  std::string query;   // raw, without '?'
  HttpHeaders headers;
  std::string body;             // as received: chunked framing removed, still compressed
  std::string peer_ip;          // of the TCP connection
  bool body_too_large = false;  // the body went over the bound and was discarded; `body` is empty

  // First value of a header (names compared without case); empty if absent.
  std::string_view Header(std::string_view name) const;
  bool HasHeader(std::string_view name) const;
};

// One more piece of an answer that goes on: from any thread, never blocks. An empty piece ends the
// answer. False: the client is gone.
using HttpWrite = std::function<bool(std::string piece)>;

struct HttpMessageResponse {
  int status = 200;
  HttpHeaders headers;  // Content-Length and Date are added by the carrier
  std::string body;
  bool close = false;  // close the connection after this answer
  // Set: the answer goes on after `body`, until it is ended or the client goes; it has no
  // Content-Length and the connection ends with it. Called once, on an io thread. Not for HEAD.
  std::function<void(HttpWrite)> stream = {};
};

// Answers exactly once, from any thread; the carrier may have lost the client by then.
using HttpRespond = std::function<void(HttpMessageResponse)>;

// Called on an io thread: must not block. Long work is handed on and answers later.
using HttpHandle = std::function<void(HttpMessageRequest, HttpRespond)>;

}  // namespace mishap
