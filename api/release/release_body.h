// The JSON bodies that make and change releases, deploys and repositories (web-api 2.11). No
// database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "net/http.h"
#include "storage/release/commit_store.h"
#include "storage/release/release_store.h"

namespace mishap {

struct ReleaseBody {
  std::string version;                               // empty: not given
  std::optional<std::vector<std::string>> projects;  // ids or slugs; absent: not given
  ReleaseChange change;
  std::optional<std::vector<NewCommit>> commits;  // newest first
  std::optional<std::vector<ReleaseRef>> refs;
};

// On failure the 400 answer, naming the field. needs_version: "version" must be there and valid.
tl::expected<ReleaseBody, HttpMessageResponse> ParseReleaseBody(std::string_view body,
                                                                bool needs_version);

struct DeployBody {
  DeployRow deploy;  // without id and projects
  std::optional<std::vector<std::string>> projects;
};
// An absent dateFinished is `now`: a client stops at a deploy without one.
tl::expected<DeployBody, HttpMessageResponse> ParseDeployBody(std::string_view body, Timestamp now);

struct RepositoryBody {
  std::string name;
  std::optional<std::string> url;
};
tl::expected<RepositoryBody, HttpMessageResponse> ParseRepositoryBody(std::string_view body);

}  // namespace mishap
