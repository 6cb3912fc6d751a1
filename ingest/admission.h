// Admission: may this request send to this project? Asked of the immutable directory in memory;
// never waits, never asks the database. The rate limit is counted apart, per item (rate_limiter.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/project_directory.h"

namespace mishap {

struct AdmissionQuestion {
  std::string_view public_key;  // never empty
  ProjectId url_project;        // none: the key alone decides
  std::string_view origin;      // Origin, else Referer; may be empty
};

// The key and project a request belongs to. Keeps the snapshot alive that both point into.
struct Admitted {
  std::shared_ptr<const DirectorySnapshot> snapshot;
  const KeyEntry* key = nullptr;
  const ProjectEntry* project = nullptr;
};

// Errors: unknown_key (unknown, disabled, of another project, project gone: never saying which),
// unavailable (unknown while the directory cannot ask the database), origin_denied.
Result<Admitted> Admit(const ProjectDirectory& directory, const AdmissionQuestion& question);

// True if `origin` (a URL) may send: no patterns or "*", a host, "*.example.com", or either behind
// "https://". Ports are compared only if the pattern has one. An origin that is not http(s) counts
// as absent.
bool IsOriginAllowed(std::string_view origin, const std::vector<std::string>& patterns);

}  // namespace mishap
