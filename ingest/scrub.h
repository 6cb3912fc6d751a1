// Scrubbing: secrets and personal data leave an event before it reaches any disk
// (ingest-protocol 7.10). Runs after normalising; doing it twice changes nothing. Each action is
// noted in event.meta. Not here: attachments, which are never scrubbed.
#pragma once

#include <string>

#include "event/event.h"
#include "event/project_directory.h"

namespace mishap {

// project.scrub_data switches the default rules, sensitive_fields and safe_fields add and exempt
// names, scrub_ip_addresses removes addresses everywhere.
void Scrub(Event& event, const ProjectEntry& project);

// A text of its own, by the same rules as a field of an event; e-mail addresses stay.
std::string ScrubbedText(std::string text, const ProjectEntry& project);

}  // namespace mishap
