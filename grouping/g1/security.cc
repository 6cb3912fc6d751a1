#include "grouping/g1/security.h"

#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/json_peek.h"

namespace mishap::g1 {
namespace {

std::string HostOf(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  std::string host;
  AppendLower(host, url);
  return host;
}

std::string Field(std::string_view report, std::string_view snake, std::string_view kebab) {
  std::string value = JsonScalar(JsonMember(report, snake));
  return value.empty() ? JsonScalar(JsonMember(report, kebab)) : value;
}

std::string CspTarget(std::string_view blocked, std::string_view violated,
                      std::string_view document) {
  const bool bare = blocked.empty() || blocked == "self" || blocked == "'self'" ||
                    blocked == "inline" || blocked == "eval";
  if (bare) {
    for (std::string_view unsafe : {"unsafe-inline", "unsafe-eval"}) {
      if (Contains(violated, unsafe)) return std::string(unsafe);
    }
    return blocked == "inline" || blocked == "eval" ? std::string(blocked) : "self";
  }
  std::string host = HostOf(blocked);
  if (!host.empty() && host == HostOf(document)) return "self";
  const auto colon = blocked.find(':');
  std::string scheme;
  AppendLower(scheme, blocked.substr(0, std::min(colon, blocked.size())));
  for (std::string_view web : {"http", "https", "ws", "wss"}) {
    if (scheme == web && !host.empty()) return host;
  }
  return scheme + ":" + host;
}

}  // namespace

SecurityPart ReadSecurityReport(const Event& event) {
  static constexpr std::array<std::string_view, 4> kKinds{"csp", "expectct", "expectstaple",
                                                          "hpkp"};
  SecurityPart part;
  for (const auto& [name, json] : event.other) {
    for (std::string_view kind : kKinds) {
      if (name != kind) continue;
      part.kind = std::string(kind);
      if (kind != "csp") {
        part.target = JsonScalar(JsonMember(json.text, "hostname"));
        return part;
      }
      const std::string violated = Field(json.text, "violated_directive", "violated-directive");
      part.directive = Field(json.text, "effective_directive", "effective-directive");
      if (part.directive.empty()) part.directive = violated;
      part.directive = part.directive.substr(0, part.directive.find(' '));
      part.target = CspTarget(Field(json.text, "blocked_uri", "blocked-uri"), violated,
                              Field(json.text, "document_uri", "document-uri"));
      return part;
    }
  }
  return part;
}

}  // namespace mishap::g1
