// The error page's dialog: a script that asks the user what happened and posts the answer back
// (ingest-protocol 1.2; SDKs call it showReportDialog). Not here: what becomes of the answer
// (intake_typed.cc).
#pragma once

#include "base/result.h"
#include "ingest/auth.h"
#include "net/http.h"

namespace mishap {

// The script; always the same, it reads its texts from its own URL. Errors: invalid_argument
// without a dsn or an eventId.
Result<HttpMessageResponse> ErrorPageScript(const QueryParameters& query);

}  // namespace mishap
