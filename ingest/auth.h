// Credentials of a request: who it says it comes from (ingest-protocol 2). Whether that may send is
// admission's question.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "event/dsn.h"
#include "net/http.h"

namespace mishap {

struct Credentials {
  std::string public_key;     // 32 lower-case hex digits, or empty: none in headers or query
  std::string sentry_client;  // "sentry.python/2.1.0", or empty
};

// Name and value, both decoded, in order.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;
QueryParameters ParseQuery(std::string_view query);
// The last value of `name`, or empty.
std::string_view QueryValue(const QueryParameters& query, std::string_view name);

// From the query, X-Sentry-Auth, Authorization (Sentry or Basic) and the path; one and the same key
// may stand in several. Errors: unauthenticated (unreadable header, different keys),
// invalid_argument (not a public key, protocol version above 8).
Result<Credentials> ReadCredentials(const HttpMessageRequest& request, const QueryParameters& query,
                                    std::string_view path_key = {});

// Adds the envelope header's dsn: it is the key when there is no other and must agree with what
// there is. `url_project`: of the path; none for /api/store/. Errors: unauthenticated (no key at
// all), invalid_envelope (another key or project).
Status CheckEnvelopeDsn(const Dsn& dsn, ProjectId url_project, Credentials& credentials);

}  // namespace mishap
