#include "api/api.h"

#include <atomic>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "api/dispatch.h"
#include "api/grpc/query_dispatch.h"
#include "api/respond.h"
#include "base/bounded_queue.h"
#include "base/log.h"
#include "net/grpc/grpc_code.h"

namespace mishap {
namespace {

// One of the two: an HTTP request, or a call of QueryService.
struct Job {
  HttpMessageRequest request;
  HttpRespond respond;
  std::optional<QueryJob> query = {};
};

// Around the pieces of an upload: boundaries and part headers.
constexpr std::size_t kFormBytesMax = 1u << 20;

// Pieces of files, files of releases and zips of mappings are the only large bodies.
bool IsUpload(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.ends_with("/chunk-upload") || path.ends_with("/files") || path.ends_with("/dsyms");
}

}  // namespace

struct Api::State {
  State(ApiOptions wanted, ReaderPool& readers, const PayloadCodec& codec, const Clock& time,
        Random& random, Metrics& metrics)
      : options(std::move(wanted)),
        clock(time),
        dispatch(options.front, readers, codec, time, random),
        query_dispatch(options.front, readers, codec, time, random),
        queue(options.queue_requests_max, options.queue_bytes_max),
        refused(metrics.GetCounter("mishap_api_refused_total",
                                   "API requests refused because the queue was full")),
        seconds(metrics.GetHistogram("mishap_api_request_seconds",
                                     "Time from taking an API request to its answer")),
        query_seconds(metrics.GetHistogram("mishap_grpc_query_seconds",
                                           "Time a worker needs for a call of QueryService")) {
    static constexpr const char* kClasses[] = {"2xx", "3xx", "4xx", "5xx"};
    for (const char* name : kClasses) {
      answers.push_back(&metrics.GetCounter("mishap_api_answers_total",
                                            "API answers by status class",
                                            "status=\"" + std::string(name) + "\""));
    }
    CountCodes(metrics);
  }

  void CountCodes(Metrics& metrics) {
    for (int code = 0; code <= static_cast<int>(GrpcCode::kUnauthenticated); ++code) {
      calls.push_back(&metrics.GetCounter("mishap_grpc_query_calls_total",
                                          "Calls of QueryService that a worker answered, by code",
                                          "code=\"" + std::to_string(code) + "\""));
    }
  }

  void Count(int status) {
    auto index = static_cast<std::size_t>(status / 100 - 2);
    if (index < answers.size()) answers[index]->Add();
  }

  HttpRespond Counted(HttpRespond respond) {
    auto begun = clock.Steady();
    return [this, begun, respond = std::move(respond)](HttpMessageResponse response) {
      Count(response.status);
      seconds.Observe(std::chrono::duration<double>(clock.Steady() - begun).count());
      respond(std::move(response));
    };
  }

  void Work() {
    EventReader reader;
    while (auto job = queue.Pop()) {
      if (job->query) {
        AnswerQuery(*job->query, reader);
        continue;
      }
      HttpMessageResponse response;
      try {
        response = dispatch.Answer(job->request, reader);
      } catch (const std::exception& e) {
        // A bug must cost one request, not the process.
        Log(LogLevel::kError, "api_exception", {{"path", job->request.path}, {"what", e.what()}});
        response = RespondError({Reason::kInternal, e.what()}, std::string(32, '0'));
      }
      job->respond(std::move(response));
    }
  }

  void AnswerQuery(const QueryJob& job, EventReader& reader) {
    const auto begun = clock.Steady();
    QueryAnswer answer;
    try {
      answer = query_dispatch.Answer(job, reader);
    } catch (const std::exception& e) {
      Log(LogLevel::kError, "rpc_exception", {{"method", job.method}, {"what", e.what()}});
      answer.status = {static_cast<int>(GrpcCode::kInternal), "Internal Error", {}};
    }
    calls[static_cast<std::size_t>(answer.status.code)]->Add();
    query_seconds.Observe(std::chrono::duration<double>(clock.Steady() - begun).count());
    job.done(std::move(answer));
  }

  // 1 to 5 seconds, in turn, so that refused clients do not come back together.
  int NextRetryAfter() { return 1 + static_cast<int>(refusals++ % 5); }

  const ApiOptions options;
  const Clock& clock;
  Dispatch dispatch;
  QueryDispatch query_dispatch;
  BoundedQueue<Job> queue;
  Counter& refused;
  Histogram& seconds;
  Histogram& query_seconds;
  std::vector<Counter*> answers;
  std::vector<Counter*> calls;  // of QueryService, by number of the code
  std::atomic<unsigned> refusals{0};
  std::vector<std::jthread> threads;
};

Api::Api(ApiOptions options, ReaderPool& readers, const PayloadCodec& codec, const Clock& clock,
         Random& random, Metrics& metrics)
    : state_(std::make_unique<State>(std::move(options), readers, codec, clock, random, metrics)) {
  for (int i = 0; i < state_->options.threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->Work(); });
  }
}

Api::~Api() {
  Shutdown();
}

bool Api::Owns(std::string_view path) {
  return path == "/api/0" || path.starts_with("/api/0/") || path == kDescriptionPath;
}

void Api::Handle(HttpMessageRequest request, HttpRespond respond) {
  auto counted = state_->Counted(std::move(respond));
  const auto body_bytes_max =
      IsUpload(request.path) ? kUploadBytesMax + kFormBytesMax : state_->options.body_bytes_max;
  if (request.body_too_large || request.body.size() > body_bytes_max) {
    counted(RespondDetail(
        413, "The request body is larger than " + std::to_string(body_bytes_max) + " bytes."));
    return;
  }
  auto bytes = request.body.size() + request.target.size();
  Job job{std::move(request), std::move(counted)};
  if (state_->queue.TryPush(std::move(job), bytes)) return;
  state_->refused.Add();
  // NOLINTNEXTLINE(bugprone-use-after-move): TryPush takes the job only where it returns true
  job.respond(RespondBusy(state_->NextRetryAfter()));
}

bool Api::Take(QueryJob& job) {
  const auto bytes = job.message.size() + kQueryJobOverheadBytes;
  Job wrapped{{}, {}, std::move(job)};
  if (state_->queue.TryPush(std::move(wrapped), bytes)) return true;
  // NOLINTNEXTLINE(bugprone-use-after-move): TryPush takes the job only where it returns true
  job = std::move(*wrapped.query);
  state_->refused.Add();
  return false;
}

void Api::Shutdown() {
  state_->queue.Close();
  state_->threads.clear();  // joins
}

}  // namespace mishap
