// Answers of no part in particular: a path that is nobody's, a server that is just starting.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace mishap {

// 404 that says where the API is.
HttpMessageResponse AnswerNobody(const HttpMessageRequest& request);
// 503 for the instant between listening and the API's first thread.
HttpMessageResponse AnswerNotYet();

// The path of server.public_url: "/mishap" where the server is mounted under it, else "".
std::string PublicPathOf(std::string_view public_url);
// Takes that path off the front of the request's, for proxies that leave it there.
void StripPublicPath(std::string_view public_path, HttpMessageRequest& request);

}  // namespace mishap
