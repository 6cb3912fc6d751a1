// Minidumps of crash reporters (Crashpad, Breakpad, Electron) -> the JSON of an event
// (ingest-protocol 5.13): what the dump's exception, module and system streams say, and the fields
// sent with it. Not here: unwinding stacks, keeping the dump.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/json_tree.h"
#include "ingest/multipart.h"

namespace mishap {

inline constexpr std::string_view kDumpPart = "upload_file_minidump";  // of a form

// "MDMP", either byte order.
bool LooksLikeMinidump(std::string_view bytes);

// What a dump says about the crash. Streams that are damaged or absent leave their fields empty.
struct CrashSummary {
  std::string reason;   // "EXCEPTION_ACCESS_VIOLATION", "SIGSEGV", "0xc0000409"; empty: no crash
  std::string address;  // of the crash, "0x7ff6..."
  std::string module;   // that holds the address: last part of its path
  std::string offset;   // of the address in it, "0x1234"
  std::string system;   // "Windows", "Linux", "Mac OS X", "Android" ...
  std::string system_version;
  std::string arch;  // "x86", "amd64", "arm", "arm64"
};
CrashSummary ReadMinidump(std::string_view dump, std::size_t modules_max);

// fields: the text parts of the form. "sentry" and "sentry__1".. are event JSON, "sentry[a][b]" one
// value of it, the rest becomes extra. Unreadable event JSON counts as absent.
std::string MinidumpEvent(const CrashSummary& crash, const std::vector<FormPart>& fields,
                          JsonTree& json);

}  // namespace mishap
