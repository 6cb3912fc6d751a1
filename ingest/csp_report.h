// One Content-Security-Policy report and what people read of it: message and culprit. Private to
// security_report.cc.
#pragma once

#include <string>
#include <string_view>

#include "event/json_tree.h"

namespace mishap {

struct CspReport {
  std::string document_uri;
  std::string referrer;
  std::string blocked_uri;
  std::string violated_directive;
  std::string effective_directive;  // one known word; empty: not a report
  std::string original_policy;
  std::string disposition;
  std::string status_code;
  std::string source_file;
  std::string line_number;
  std::string column_number;
  std::string script_sample;
};

// Takes each field in its three spellings (blocked-uri, blocked_uri, blockedURL).
CspReport ReadCspReport(JsonValue object);

// "Blocked 'script' from 'evil.example'", and for what the page itself did "Blocked inline
// 'style'".
std::string CspMessage(const CspReport& report);
// The violated directive and its sources, the page's own origin as 'self'.
std::string CspCulprit(const CspReport& report);

}  // namespace mishap
