#include "ingest/door.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "ingest/answer.h"
#include "ingest/error_page.h"

namespace mishap {
namespace {

constexpr std::size_t kJobOverheadBytes = 2048;  // headers and bookkeeping of a queued request

bool IsMethodAllowed(const IngestRoute& route, std::string_view method) {
  const bool get = route.endpoint == IngestEndpoint::kStore ||
                   route.endpoint == IngestEndpoint::kCron ||
                   route.endpoint == IngestEndpoint::kErrorPage;
  return method == "POST" || (method == "GET" && get);
}

}  // namespace

IngestDoor::IngestDoor(const IngestPorts& ports, const EventStageFactory& make_stage,
                       IngestOptions options)
    : shared_(ports, std::move(options)),
      queue_(shared_.options.queue_items_max, shared_.options.queue_bytes_max) {
  for (int i = 0; i < std::max(1, shared_.options.workers); ++i) {
    workers_.emplace_back(&IngestDoor::Work, this, make_stage());
  }
}

IngestDoor::~IngestDoor() {
  Stop();
}

void IngestDoor::Stop() {
  queue_.Close();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
  shared_.appends.WaitForNone();
}

bool IngestDoor::Owns(std::string_view path) const {
  return IsIngestPath(path, shared_.options.path_prefix);
}

void IngestDoor::Handle(HttpMessageRequest request, HttpRespond respond) {
  const IngestLimits& limits = shared_.options.limits;
  IngestRoute route = RouteIngest(request.path, shared_.options.path_prefix);
  if (request.method == "OPTIONS") return respond(PreflightAnswer());
  if (route.endpoint == IngestEndpoint::kNone || route.endpoint == IngestEndpoint::kUnsupported) {
    return respond(ErrorAnswer({Reason::kNotFound, "this server has no such ingest endpoint"},
                               limits, shared_.ports.random));
  }
  if (!IsMethodAllowed(route, request.method)) {
    return respond(
        ErrorAnswer({Reason::kMethodNotAllowed, "use POST"}, limits, shared_.ports.random));
  }
  if (route.endpoint == IngestEndpoint::kErrorPage && request.method == "GET") {
    auto script = ErrorPageScript(ParseQuery(request.query));
    return respond(script ? std::move(*script)
                          : ErrorAnswer(script.error(), limits, shared_.ports.random));
  }
  std::size_t bytes = request.body.size() + kJobOverheadBytes;
  IngestJob job{std::move(request), std::move(route), std::move(respond)};
  if (queue_.TryPush(std::move(job), bytes)) return;
  // NOLINTNEXTLINE(bugprone-use-after-move): TryPush takes the job only where it returns true
  job.respond(ErrorAnswer({Reason::kOverloaded, "too many requests are waiting; try again later"},
                          limits, shared_.ports.random));
}

void IngestDoor::Work(std::unique_ptr<EventStage> stage) {
  Intake intake(shared_, std::move(stage));
  while (auto job = queue_.Pop()) ServeGuarded(intake, *job);
}

// A worker survives every request.
void IngestDoor::ServeGuarded(Intake& intake, IngestJob& job) {
  try {
    intake.Serve(job);
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "ingest_request_failed", {{"what", e.what()}});
    if (job.respond) {
      job.respond(ErrorAnswer({Reason::kInternal, "internal error"}, shared_.options.limits,
                              shared_.ports.random));
    }
  }
}

}  // namespace mishap
