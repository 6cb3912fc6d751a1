// The resources about the server itself and what happens in it (routes.cc).
#pragma once

#include "api/call.h"

namespace mishap {

Answer StreamChangedIssues(ApiCall& call);
Answer GetServerHealth(ApiCall& call);

}  // namespace mishap
