// The text side of HTTP: request targets and response heads. Pure functions, private to net.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/http.h"

namespace mishap {

// Fills path and query from target; understands the absolute form ("http://host/path?x").
void SplitTarget(HttpMessageRequest& request);

std::string_view ReasonPhrase(int status);

struct ResponseFraming {
  int version_minor = 1;
  bool keep_alive = true;
  bool streamed = false;  // of unknown length: ends with the connection
  std::string_view date;  // IMF-fixdate
};

// Status line, headers and the empty line. CR, LF and NUL in header values become blanks: a value
// cannot end its line.
std::string ResponseHead(const HttpMessageResponse& response, const ResponseFraming& framing);

// "Sun, 06 Nov 1994 08:49:37 GMT" of Unix seconds.
std::string HttpDate(std::int64_t unix_seconds);

}  // namespace mishap
