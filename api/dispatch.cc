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

// Whether the route opens to this caller in any of its organizations. Which one is meant is for
// OrganizationScope to find; there the same is asked of that one.
bool IsPermitted(const Caller& caller, std::string_view permissions) {
  const RoutePermissions needed(permissions);
  if (needed.IsOpen()) return true;
  if (needed.NeedsLogin() && !caller.IsSession()) return false;
  if (needed.IsAnyCaller()) return true;
  return std::any_of(caller.scopes.begin(), caller.scopes.end(),
                     [&](const Scope& scope) { return needed.AllowedBy(scope); });
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

HttpMessageResponse Dispatch::Run(const HttpMessageRequest& request, Router::Match match,
                                  EventReader& reader) {
  const auto& route = Routes()[*match.route];
  auto session = readers_.Acquire();
  if (!session) return Report(session.error(), request);
  auto now = clock_.Now();
  auto caller = Authenticate(**session, request, front_.public_url, route.permissions == "-", now);
  if (!caller) return Report(caller.error(), request);
  if (!IsPermitted(*caller, route.permissions)) return RespondDetail(403, kForbiddenText);
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
  auto answer = route.run(call);
  if (!answer) return Report(answer.error(), request);
  return std::move(*answer);
}

}  // namespace mishap
