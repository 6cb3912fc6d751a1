#include "ingest/admission.h"

#include "base/bytes.h"

namespace mishap {
namespace {

struct OriginParts {
  std::string scheme;  // empty in a pattern without one
  std::string host;
  std::string port;
};

OriginParts SplitOrigin(std::string_view text) {
  OriginParts parts;
  if (std::size_t end = text.find("://"); end != std::string_view::npos) {
    parts.scheme = ToLowerAscii(text.substr(0, end));
    text = text.substr(end + 3);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  if (std::size_t at = text.rfind('@'); at != std::string_view::npos) text = text.substr(at + 1);
  std::size_t bracket = text.rfind(']');  // an IPv6 host has colons of its own
  std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    parts.port = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  parts.host = ToLowerAscii(text);
  return parts;
}

bool HostMatches(std::string_view host, std::string_view pattern) {
  if (pattern == "*" || pattern == host) return true;
  if (!pattern.starts_with("*.")) return false;
  std::string_view suffix = pattern.substr(1);  // ".example.com"
  return host.size() > suffix.size() && host.ends_with(suffix);
}

bool Matches(const OriginParts& origin, const OriginParts& pattern) {
  if (!pattern.scheme.empty() && pattern.scheme != origin.scheme) return false;
  if (!pattern.port.empty() && pattern.port != "*" && pattern.port != origin.port) return false;
  return HostMatches(origin.host, pattern.host);
}

}  // namespace

bool IsOriginAllowed(std::string_view origin, const std::vector<std::string>& patterns) {
  if (patterns.empty() || origin.empty()) return true;
  OriginParts parts = SplitOrigin(origin);
  if (parts.scheme != "http" && parts.scheme != "https") return true;
  for (const std::string& pattern : patterns) {
    if (pattern == "*" || Matches(parts, SplitOrigin(TrimAscii(pattern)))) return true;
  }
  return false;
}

Result<Admitted> Admit(const ProjectDirectory& directory, const AdmissionQuestion& question) {
  // Asked before the snapshot is taken: a key created in between must not be refused for good.
  const bool authoritative = directory.IsAuthoritative();
  Admitted admitted;
  admitted.snapshot = directory.Current();
  admitted.key = admitted.snapshot->FindKey(question.public_key);
  if (admitted.key == nullptr && !authoritative) {
    return Fail(Reason::kUnavailable, "this key cannot be checked right now; try again later");
  }
  if (admitted.key != nullptr) {
    admitted.project = admitted.snapshot->FindProject(admitted.key->project);
  }
  bool known = admitted.key != nullptr && admitted.key->active && admitted.project != nullptr &&
               admitted.project->active;
  bool same_project =
      !question.url_project || (known && admitted.key->project == question.url_project);
  if (!known || !same_project) {
    return Fail(Reason::kUnknownKey, "this public key may not send to this project");
  }
  if (!IsOriginAllowed(question.origin, admitted.project->allowed_origins)) {
    return Fail(Reason::kOriginDenied, "this origin may not send to this project");
  }
  return admitted;
}

}  // namespace mishap
