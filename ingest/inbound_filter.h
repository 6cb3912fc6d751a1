// Inbound filters: what a project does not want to hear of (ingest-protocol 8.4). Asked after
// normalising, before scrubbing. The client did nothing wrong: it is answered 200, the outcome is
// filtered.
#pragma once

#include <string_view>

#include "event/event.h"
#include "event/project_directory.h"

namespace mishap {

// Why the event is not kept: "browser-extensions", "web-crawlers" ..., or empty. client_ip: where
// the request came from.
std::string_view FilterOf(const Event& event, const ProjectEntry& project,
                          std::string_view client_ip);

// `*` any run, `?` one byte, anchored at both ends; ASCII case ignored. Linear but for the stars.
bool GlobMatches(std::string_view text, std::string_view pattern);

}  // namespace mishap
