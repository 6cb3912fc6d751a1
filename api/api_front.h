// ApiFront: how the API meets the outside: its URL, whom it sees behind a request, and whom it
// tells that somebody signed in. Filled by server/wiring_options.cc.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/record/blob_port.h"
#include "api/release/artifact_port.h"
#include "base/ids.h"
#include "event/refusal.h"
#include "net/http.h"

namespace mishap {

class IssueStream;

struct ApiFront {
  ApiFront() = default;
  explicit(false) ApiFront(std::string url) : public_url(std::move(url)) {}
  explicit(false) ApiFront(const char* url) : public_url(url) {}

  std::string public_url;  // "https://errors.example.com", no trailing slash
  // The address of the one who sent it; empty: the TCP peer.
  std::function<std::string(const HttpMessageRequest&)> client_ip;
  // After every login, from an API thread; empty: nobody.
  std::function<void()> on_login;
  // A text as the project's rules leave it; empty: as it is.
  std::function<std::string(ProjectId, std::string)> scrub;
  BlobPort blobs;  // the bytes of attachments
  ArtifactPort artifacts;
  // What /healthz says; empty: nothing.
  std::function<std::string()> health;
  // The requests of a project that this server's doors refused last, newest first; empty: nothing.
  std::function<std::vector<RefusedRequest>(ProjectId)> refusals;
  // Null: nothing is streamed. Outlives the Api.
  IssueStream* issue_stream = nullptr;
};

}  // namespace mishap
