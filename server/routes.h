// Answers of no part in particular: a path that is nobody's, a server that is just starting.
#pragma once

#include "net/http.h"

namespace mishap {

// 404 that says where the API is.
HttpMessageResponse AnswerNobody(const HttpMessageRequest& request);
// 503 for the instant between listening and the API's first thread.
HttpMessageResponse AnswerNotYet();

}  // namespace mishap
