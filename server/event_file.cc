#include "server/event_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/envelope_parser.h"
#include "ingest/security_report.h"
#include "ingest/store_body.h"

namespace mishap {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Named(const std::string& path, std::string_view what) {
  return fmt::format("{}: {}", path == "-" ? "standard input" : path, what);
}

Result<std::string> ReadStream(std::istream& in, const std::string& path, std::size_t bytes_max) {
  std::string bytes;
  char part[64 << 10];
  while (in.read(part, sizeof part), in.gcount() > 0) {
    bytes.append(part, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > bytes_max) {
      return Fail(Reason::kTooLarge, Named(path, fmt::format("larger than {} bytes", bytes_max)));
    }
  }
  if (in.bad()) return Fail(Reason::kNotFound, Named(path, "cannot be read"));
  return bytes;
}

bool IsZstd(std::string_view bytes) {
  return bytes.substr(0, 4) == "\x28\xB5\x2F\xFD";
}

// A header line and at least one more line. JSON of one line has none; of several lines, its first
// is no whole object.
bool LooksLikeEnvelope(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || TrimAscii(text.substr(end)).empty()) return false;
  const std::string_view line = TrimAscii(text.substr(0, end));
  return line.size() >= 2 && line.front() == '{' && line.back() == '}';
}

bool LooksLikeReports(std::string_view text) {
  if (text.front() == '[') return true;
  for (const char* name :
       {"csp-report", "expect-ct-report", "expect-staple-report", "known-pins"}) {
    if (!JsonMember(text, name).empty()) return true;
  }
  return false;
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path, std::size_t bytes_max) {
  if (path == "-") return ReadStream(std::cin, path, bytes_max);
  if (path.empty()) return Fail(Reason::kNotFound, "the name of a file is empty");
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return Fail(Reason::kNotFound, Named(path, "is a directory"));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const std::string why = errno == 0 ? "cannot be read" : std::strerror(errno);  // NOLINT
    return Fail(Reason::kNotFound, Named(path, why));
  }
  return ReadStream(file, path, bytes_max);
}

EventFileReader::EventFileReader(Random& random, Timestamp now)
    : now_(now), inflater_(limits_), stage_(MakeEventStage(random)) {}

Result<std::string> EventFileReader::FirstOfEnvelope(std::string_view body, EventContext& around) {
  auto envelope = EnvelopeParser(limits_).Parse(body);
  if (!envelope) return Fail(envelope.error());
  around.sent_at = envelope->sent_at;
  around.envelope_event_id = envelope->event_id;
  around.sdk_json = envelope->sdk_json;
  std::set<std::string> others;
  for (const EnvelopeItem& item : envelope->items) {
    if (item.type == "event") return std::string(item.payload);
    others.insert(item.type.empty() ? "?" : item.type);
  }
  return Fail(Reason::kInvalidArgument,
              fmt::format("an envelope without an event; it has: {}",
                          others.empty() ? "nothing" : fmt::format("{}", fmt::join(others, ", "))));
}

Result<std::string> EventFileReader::FirstReport(std::string_view body) {
  ReportSource source;
  auto reports =
      ReadSecurityReports(body, ReportDoor::kSecurity, source, limits_.reports_max, tree_);
  if (!reports) return Fail(reports.error());
  if (!reports->events.empty()) return std::move(reports->events.front());
  return Fail(Reason::kInvalidArgument, "neither an event nor a report of a browser");
}

Result<std::string> EventFileReader::EventJson(std::string_view bytes, EventContext& around) {
  auto plain = inflater_.Inflate(bytes, IsZstd(bytes) ? "zstd" : "");
  if (!plain) return Fail(plain.error());
  std::string_view text = *plain;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (TrimAscii(text).empty())
    return Fail(Reason::kInvalidJson, "empty: an event is a JSON object");
  if (LooksLikeEnvelope(text)) return FirstOfEnvelope(text, around);
  text = TrimAscii(text);
  if (text.front() != '{' && text.front() != '[') {
    std::string scratch;
    auto inner = DecodeStoreBody(text, limits_.event_bytes_max, inflater_, scratch);
    if (inner) return std::string(*inner);
    return Fail(inner.error().reason,
                "neither the JSON of an event nor an envelope nor a store body");
  }
  if (LooksLikeReports(text)) return FirstReport(text);
  return std::string(text);
}

Result<Event> EventFileReader::Read(const std::string& path) {
  auto bytes = ReadWholeFile(path, kEventFileBytesMax);
  if (!bytes) return Fail(bytes.error());
  const ProjectEntry project;  // defaults: the default scrubbing rules are on
  EventContext around;
  around.project = &project;
  around.received_at = now_;
  auto json = EventJson(*bytes, around);
  if (!json) return Fail(json.error().reason, Named(path, json.error().detail));
  auto ready = stage_->Run(*json, around);
  if (!ready) return Fail(ready.error().reason, Named(path, ready.error().detail));
  return reader_.Read(ready->canonical_json);
}

}  // namespace mishap
