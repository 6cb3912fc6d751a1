// Who sends: DSNs, X-Sentry-Auth, Authorization, query strings.
#include "event/dsn.h"
#include "event/query_text.h"
#include "ingest/auth.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

bool IsKey(std::string_view text) {
  if (text.size() != 32) return false;
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void CheckDsn(std::string_view text) {
  auto dsn = ParseDsn(text);
  if (!dsn) {
    Require(!dsn.error().detail.empty(), "an error says what was wrong");
    return;
  }
  auto again = ParseDsn(dsn->ToString());
  Require(again.has_value(), "a DSN that was read can be read again");
  Require(again->public_key == dsn->public_key && again->project == dsn->project &&
              again->host == dsn->host && again->path == dsn->path,
          "reading what was printed changes nothing");
}

}  // namespace

// Lines: a DSN, a query string, X-Sentry-Auth, Authorization.
void FuzzAuth(std::string_view input) {
  auto [dsn, rest] = FirstLine(input);
  auto [query, headers] = FirstLine(rest);
  auto [sentry_auth, authorization] = FirstLine(headers);
  CheckDsn(dsn);
  ParseCookies(query);
  HttpMessageRequest request;
  request.query = query;
  if (!sentry_auth.empty()) request.headers.emplace_back("X-Sentry-Auth", sentry_auth);
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
  auto credentials = ReadCredentials(request, ParseQuery(query));
  if (!credentials) {
    Require(!credentials.error().detail.empty(), "an error says what was wrong");
    return;
  }
  Require(credentials->public_key.empty() || IsKey(credentials->public_key), "keys are keys");
  auto parsed = ParseDsn(dsn);
  if (!parsed || !CheckEnvelopeDsn(*parsed, parsed->project, *credentials)) return;
  Require(IsKey(credentials->public_key), "an accepted request has a key");
}

}  // namespace mishap
