// A door with all that stands behind it, on memory and a still clock: what the tests of the way in
// send requests at.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "ingest/door.h"
#include "tests/unit/ingest/fakes.h"

namespace mishap {

inline const std::string kKey(32, 'a');      // of project 42
inline const std::string kLimited(32, 'b');  // of project 43, one event a minute
inline const std::string kId = "9ec79c33ec9942ab8353589fcb2e04dc";
inline const std::string kEvent = R"({"message":"boom"})";

struct House {
  explicit House(IngestOptions options = {})
      : outcomes(spool, clock, options.limits),
        door(
            {spool, directory, codec, outcomes, clock, random, metrics, blobs},
            [this] { return std::make_unique<PlainStage>(&last_context); }, options) {}

  HttpMessageResponse Send(HttpMessageRequest request) {
    std::promise<HttpMessageResponse> promise;
    std::size_t mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    request.query = mark == std::string::npos ? "" : request.target.substr(mark + 1);
    request.peer_ip = "203.0.113.5";
    auto answer = promise.get_future();
    door.Handle(std::move(request),
                [&](HttpMessageResponse response) { promise.set_value(std::move(response)); });
    return answer.get();
  }
  HttpMessageResponse Post(std::string target, std::string body, HttpHeaders headers = {}) {
    HttpMessageRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.body = std::move(body);
    request.headers = std::move(headers);
    return Send(std::move(request));
  }
  HttpMessageResponse Envelope(std::string body, HttpHeaders headers = {}) {
    return Post("/api/42/envelope/?sentry_key=" + kKey, std::move(body), std::move(headers));
  }
  // "outcome/category/reason=quantity" of everything settled so far.
  std::vector<std::string> Outcomes() {
    outcomes.Flush();
    std::vector<std::string> out;
    for (const OutcomeCount& count : spool.Outcomes()) {
      out.push_back(std::string(OutcomeName(count.outcome)) + "/" +
                    std::string(CategoryName(count.category)) + "/" + count.reason + "=" +
                    std::to_string(count.quantity));
    }
    return out;
  }

  MemorySpool spool;
  TwoProjects directory;
  PayloadCodec codec;
  StillClock clock;
  CountingRandom random;
  Metrics metrics;
  OutcomeLog outcomes;
  EventContext last_context;
  std::unique_ptr<Env> env = MakePosixEnv();
  BlobFiles blobs{*env, testing::TempDir() + "door_test_blobs", random, {0}};
  IngestDoor door;
};

inline std::string HeaderOf(const HttpMessageResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

inline std::string IdAnswer(const std::string& id) {
  return "{\"id\":\"" + id + "\"}";
}

inline std::string WithEvent(std::string_view rest = "") {
  return "{\"event_id\":\"" + kId + "\"}\n{\"type\":\"event\"}\n" + kEvent + std::string(rest);
}

}  // namespace mishap
