#include "api/dispatch.h"

#include <algorithm>
#include <utility>

#include "api/authentication.h"
#include "api/call.h"
#include "api/respond.h"
#include "api/route_permissions.h"
#include "api/routes.h"
#include "base/log.h"

namespace mishap {
namespace {

// Whether the route opens to this caller. Where the path names an organization, that one decides:
// one that is not the caller's does not exist (404). Elsewhere any of the caller's organizations.
Status CheckPermission(const ApiCall& call) {
  const RoutePermissions needed(call.permissions);
  if (needed.IsOpen()) return {};
  if (call.path.Has("o")) {
    if (auto scope = OrganizationScope(call); !scope) return Fail(scope.error());
  } else if (!needed.IsAnyCaller() &&
             std::none_of(call.caller.scopes.begin(), call.caller.scopes.end(),
                          [&](const Scope& scope) { return needed.AllowedBy(scope); })) {
    return Fail(Reason::kPermissionDenied, "");
  }
  if (needed.NeedsLogin() && !call.caller.IsSession()) return Fail(Reason::kPermissionDenied, "");
  return {};
}

}  // namespace

Dispatch::Dispatch(ApiFront front, ReaderPool& readers, const PayloadCodec& codec,
                   const Clock& clock, Random& random)
    : front_(std::move(front)), readers_(readers), codec_(codec), clock_(clock), random_(random) {
  if (!front_.client_ip) {
    front_.client_ip = [](const HttpMessageRequest& request) { return request.peer_ip; };
  }
  for (const auto& route : Routes()) router_.Add(route.method, route.pattern);
}

HttpMessageResponse Dispatch::Report(const Error& error, const HttpMessageRequest& request) {
  std::string error_id;
  if (error.reason == Reason::kInternal) {
    error_id = random_.Hex(16);
    Log(LogLevel::kError, "api_request_failed",
        {{"error_id", error_id}, {"path", request.path}, {"detail", error.detail}});
  }
  return RespondError(error, error_id);
}

HttpMessageResponse Dispatch::Answer(const HttpMessageRequest& request, EventReader& reader) {
  auto match = router_.Find(request.method,
                            request.path == kDescriptionPath ? kDescriptionRoute : request.path);
  if (!match.route) {
    if (match.allowed.empty()) return RespondDetail(404, kNotFoundText);
    return RespondMethodNotAllowed(request.method, match.allowed);
  }
  // What is no text can name nothing. (For HEAD the carrier announces the body and leaves it out.)
  if (!match.path.IsText()) return RespondDetail(404, kNotFoundText);
  return Run(request, std::move(match), reader);
}

// A DSN is no secret: it opens only what names it.
Result<Caller> Dispatch::CallerOf(Session& session, const HttpMessageRequest& request,
                                  std::string_view permissions, Timestamp now) const {
  const RoutePermissions needed(permissions);
  const auto& alternatives = needed.Alternatives();
  if (std::find(alternatives.begin(), alternatives.end(), kDsnPermission) != alternatives.end()) {
    if (auto dsn = DsnOf(request)) return AuthenticateDsn(session, *dsn);
  }
  return Authenticate(session, request, front_.public_url, needed.IsOpen(), now);
}

HttpMessageResponse Dispatch::Run(const HttpMessageRequest& request, Router::Match match,
                                  EventReader& reader) {
  const auto& route = Routes()[*match.route];
  auto session = readers_.Acquire();
  if (!session) return Report(session.error(), request);
  auto now = clock_.Now();
  auto caller = CallerOf(**session, request, route.permissions, now);
  if (!caller) return Report(caller.error(), request);
  auto query = QueryParams::Parse(request.query);
  if (!query.IsText()) return RespondDetail(400, kNotTextText);
  ApiCall call{request,
               std::move(match.path),
               std::move(query),
               **session,
               *caller,
               codec_,
               reader,
               random_,
               front_.public_url,
               now,
               front_,
               route.permissions};
  if (auto fine = CheckPermission(call); !fine) return Report(fine.error(), request);
  auto answer = route.run(call);
  if (!answer) return Report(answer.error(), request);
  return std::move(*answer);
}

}  // namespace mishap
