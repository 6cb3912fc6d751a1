// Reports browsers send by themselves (CSP, Expect-CT, Expect-Staple, HPKP, network errors) -> the
// JSON of events, one each (ingest-protocol 5.14, 5.15). Not here: whose they are, storing them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "event/json_tree.h"

namespace mishap {

// What the request says about every report in it.
struct ReportSource {
  std::string_view release;
  std::string_view environment;
  std::string client_ip;
  std::vector<NamedText> headers;  // User-Agent, Sec-CH-UA*
};

enum class ReportDoor { kSecurity, kNel };

struct SecurityReports {
  std::vector<std::string> events;  // JSON
  std::int64_t other_types = 0;     // of a list: not for this door
  std::int64_t invalid = 0;         // of our type, but without what makes it one
  std::int64_t over = 0;            // more than reports_max
};

// Errors: invalid_json. A body without any report of a known kind has none of any count.
Result<SecurityReports> ReadSecurityReports(std::string_view body, ReportDoor door,
                                            const ReportSource& source, std::size_t reports_max,
                                            JsonTree& json);

// True for the media types reports come in; parameters are ignored.
bool IsReportMediaType(std::string_view content_type);

}  // namespace mishap
