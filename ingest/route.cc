#include "ingest/route.h"

#include <array>
#include <optional>

namespace mishap {
namespace {

constexpr std::size_t kPartsMax = 6;
struct Door {
  std::string_view name;  // /api/{project}/<name>/
  IngestEndpoint endpoint;
};
constexpr Door kDoors[] = {
    {"envelope", IngestEndpoint::kEnvelope}, {"store", IngestEndpoint::kStore},
    {"security", IngestEndpoint::kSecurity}, {"csp-report", IngestEndpoint::kSecurity},
    {"nel", IngestEndpoint::kNel},           {"minidump", IngestEndpoint::kMinidump},
};
struct Parts {
  std::array<std::string_view, kPartsMax> part;
  std::size_t count = 0;
};

// The parts between slashes, empty ones left out.
std::optional<Parts> SplitPath(std::string_view path) {
  Parts parts;
  while (!path.empty()) {
    std::size_t slash = path.find('/');
    std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (part.empty()) continue;
    if (parts.count == kPartsMax) return std::nullopt;
    parts.part[parts.count++] = part;
  }
  return parts;
}

std::string_view StripPrefix(std::string_view path, std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  bool under =
      path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
  return under ? path.substr(prefix.size()) : path;
}

// /api/0/ is the web API; a number of a project never is 0.
bool IsProjectPart(std::string_view part) {
  return part != "0";
}

bool IsNumber(std::string_view part) {
  return part.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

IngestRoute RouteIngest(std::string_view path, std::string_view prefix) {
  auto parts = SplitPath(StripPrefix(path, prefix));
  if (!parts || parts->count == 0) return {};
  const auto& part = parts->part;
  if (parts->count == 1 && part[0] == "tunnel") return {IngestEndpoint::kTunnel, ""};
  if (parts->count < 2 || part[0] != "api") return {};
  if (parts->count == 2 && part[1] == "store") return {IngestEndpoint::kStore, ""};
  if (parts->count < 3 || !IsProjectPart(part[1])) return {};
  for (const Door& door : kDoors) {
    if (parts->count == 3 && part[2] == door.name) return {door.endpoint, std::string(part[1])};
  }
  if (part[2] == "cron" && (parts->count == 4 || parts->count == 5)) {
    return {IngestEndpoint::kCron, std::string(part[1]), std::string(part[3]),
            parts->count == 5 ? std::string(part[4]) : std::string()};
  }
  if (parts->count == 3 && part[1] == "embed" && part[2] == "error-page") {
    return {IngestEndpoint::kErrorPage};
  }
  bool attachments = parts->count == 5 && part[2] == "events" && part[4] == "attachments";
  if (attachments) {
    return {IngestEndpoint::kAttachments, std::string(part[1]), "", "", std::string(part[3])};
  }
  // Whatever stands below a project is an SDK's or a browser's question.
  if (IsNumber(part[1])) return {IngestEndpoint::kUnsupported, std::string(part[1])};
  return {};
}

bool IsIngestPath(std::string_view path, std::string_view prefix) {
  return RouteIngest(path, prefix).endpoint != IngestEndpoint::kNone;
}

}  // namespace mishap
