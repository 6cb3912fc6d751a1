#include "ingest/grpc/capture_door.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "event/dsn.h"
#include "ingest/grpc/capture_call.h"
#include "ingest/grpc/grpc_answer.h"

namespace mishap {
namespace {

constexpr std::string_view kCapture = "Capture";
constexpr std::string_view kCaptureStream = "CaptureStream";
constexpr std::size_t kJobOverheadBytes = 1024;

// "Capture" of "/mishap.v1.IngestService/Capture"; empty for another service.
std::string_view MethodOf(std::string_view path) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  if (!path.starts_with(kIngestServiceName)) return {};
  path.remove_prefix(kIngestServiceName.size());
  return path.starts_with('/') ? path.substr(1) : std::string_view();
}

}  // namespace

CaptureDoor::CaptureDoor(IngestShared& shared, const EventStageFactory& make_stage,
                         IssueLookup lookup)
    : shared_(shared),
      waiter_(std::move(lookup), shared.ports.clock, shared.options.limits),
      queue_(shared.options.queue_items_max, shared.options.queue_bytes_max) {
  for (int i = 0; i < std::max(1, shared.options.workers); ++i) {
    workers_.emplace_back(&CaptureDoor::Work, this, make_stage());
  }
}

CaptureDoor::~CaptureDoor() {
  Stop();
}

void CaptureDoor::Stop() {
  queue_.Close();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
  shared_.appends.WaitForNone();
  waiter_.Stop();
}

bool CaptureDoor::Owns(std::string_view path) const {
  return !MethodOf(path).empty();
}

// `sentry-dsn`, or the headers of the HTTP door; where both stand they must agree.
Result<CaptureCaller> CaptureDoor::CallerOf(const GrpcCallHead& head) const {
  HttpMessageRequest request;
  request.headers = head.metadata;
  auto credentials = ReadCredentials(request, {});
  if (!credentials) return Fail(credentials.error());
  CaptureCaller caller;
  if (std::string_view text = head.Metadata("sentry-dsn"); !text.empty()) {
    auto dsn = ParseDsn(text);
    if (!dsn) return Fail(Reason::kUnauthenticated, "sentry-dsn: " + dsn.error().detail);
    if (Status agreed = CheckEnvelopeDsn(*dsn, {}, *credentials); !agreed) {
      return Fail(Reason::kUnauthenticated, "sentry-dsn and x-sentry-auth name different keys");
    }
    caller.project = dsn->project;
  }
  if (credentials->public_key.empty()) {
    return Fail(Reason::kUnauthenticated,
                "missing authorization information: send the DSN as metadata `sentry-dsn`");
  }
  caller.public_key = std::move(credentials->public_key);
  caller.sentry_client = std::move(credentials->sentry_client);
  caller.origin = head.Metadata("origin");
  caller.client_ip = ClientAddress(head.peer_ip, head.Metadata("x-forwarded-for"),
                                   shared_.options.trusted_proxies);
  caller.encoding = head.encoding;
  caller.deadline = head.deadline;
  return caller;
}

GrpcOpening CaptureDoor::Open(const GrpcCallHead& head, const GrpcAddress& address) {
  const std::string_view method = MethodOf(head.path);
  if (method != kCapture && method != kCaptureStream) {
    return tl::unexpected(GrpcStatusOf(
        GrpcCode::kUnimplemented,
        fmt::format("{} has no method {}", kIngestServiceName, method.substr(0, 100))));
  }
  const std::string_view encoding = head.encoding;
  if (!encoding.empty() && encoding != "identity" && encoding != "gzip" && encoding != "deflate") {
    return tl::unexpected(GrpcStatusOf(
        GrpcCode::kUnimplemented, "grpc-encoding: this server speaks identity, gzip, deflate"));
  }
  auto refuse = [this](const Error& error) {
    return tl::unexpected(GrpcErrorStatus(error, shared_.options.limits, shared_.ports.random));
  };
  auto caller = CallerOf(head);
  if (!caller) return refuse(caller.error());
  auto admitted =
      Admit(shared_.ports.directory, {caller->public_key, caller->project, caller->origin});
  if (!admitted) return refuse(admitted.error());
  auto submit = [this](CaptureJob& job) {
    const std::size_t bytes = job.MessageBytes() + kJobOverheadBytes;
    return queue_.TryPush(std::move(job), bytes);
  };
  return std::make_unique<CaptureCall>(shared_, std::move(submit), address, std::move(*caller),
                                       method == kCaptureStream);
}

void CaptureDoor::Work(std::unique_ptr<EventStage> stage) {
  CaptureWork work(shared_, std::move(stage), waiter_);
  while (auto job = queue_.Pop()) {
    try {
      work.Serve(*job);
    } catch (const std::exception& e) {
      Log(LogLevel::kError, "capture_batch_failed", {{"what", e.what()}});
      if (job->done) job->done(RefusedBatch(*job, {Reason::kInternal, "internal error"}));
    }
  }
}

}  // namespace mishap
