#include "api/dispatch.h"

#include <utility>

#include "api/authentication.h"
#include "api/call.h"
#include "api/respond.h"
#include "api/routes.h"
#include "base/log.h"

namespace mishap {
namespace {

bool IsPermitted(const Caller& caller, std::string_view alternatives) {
  if (alternatives.empty() || alternatives == "-") return true;
  Scope scope({}, "", {}, {}, caller.permissions);
  while (!alternatives.empty()) {
    auto end = alternatives.find('|');
    if (scope.Allows(alternatives.substr(0, end))) return true;
    if (end == std::string_view::npos) break;
    alternatives.remove_prefix(end + 1);
  }
  return false;
}

// The caller of a request; without credentials an anonymous one where the route allows it.
Result<Caller> Authenticate(Session& session, const HttpMessageRequest& request,
                            std::string_view permissions, Timestamp now) {
  auto token = TokenOf(request);
  if (!token) {
    if (permissions == "-" && !request.HasHeader("Authorization")) return Caller{};
    return Fail(Reason::kUnauthenticated, std::string(kNoCredentialsText));
  }
  auto caller = ReadCaller(session, HashToken(*token), now);
  if (!caller) return Fail(caller.error());
  if (!*caller) return Fail(Reason::kUnauthenticated, std::string(kInvalidTokenText));
  if ((*caller)->is_stale) {
    // Only a note: that it could not be written must not fail the request.
    if (auto touched = TouchToken(session, (*caller)->token, now); !touched) {
      Log(LogLevel::kWarning, "token_touch_failed", {{"detail", touched.error().detail}});
    }
  }
  return std::move(**caller);
}

}  // namespace

Dispatch::Dispatch(std::string public_url, ReaderPool& readers, const PayloadCodec& codec,
                   const Clock& clock, Random& random)
    : public_url_(std::move(public_url)),
      readers_(readers),
      codec_(codec),
      clock_(clock),
      random_(random) {
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
  auto caller = Authenticate(**session, request, route.permissions, now);
  if (!caller) return Report(caller.error(), request);
  if (!IsPermitted(*caller, route.permissions)) return RespondDetail(403, kForbiddenText);
  auto query = QueryParams::Parse(request.query);
  if (!query.IsText()) return RespondDetail(400, kNotTextText);
  ApiCall call{request,          std::move(match.path),
               std::move(query), **session,
               *caller,          codec_,
               reader,           random_,
               public_url_,      now};
  auto answer = route.run(call);
  if (!answer) return Report(answer.error(), request);
  return std::move(*answer);
}

}  // namespace mishap
