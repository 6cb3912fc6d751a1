// Minidumps of crash reporters (Crashpad, Breakpad, Electron) -> the JSON of an event
// (ingest-protocol 5.13): what the dump's exception, module and system streams say, and the fields
// sent with it. Not here: unwinding stacks, keeping the dump.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/json_tree.h"
#include "net/multipart.h"

namespace mishap {

inline constexpr std::string_view kDumpPart = "upload_file_minidump";  // of a form

// Beside the dump, in MessagePack: the event so far, and two files of breadcrumbs that a reporter
// writes in turns.
inline constexpr std::string_view kEventPart = "__sentry-event";
inline constexpr std::string_view kBreadcrumbParts[] = {"__sentry-breadcrumb1",
                                                        "__sentry-breadcrumb2"};
// True for the parts that become part of the event and nothing else.
bool IsEventPart(std::string_view name);

// "MDMP", either byte order.
bool LooksLikeMinidump(std::string_view bytes);

struct CrashModule {
  std::string path;
  std::uint64_t base = 0;
  std::uint64_t size = 0;
  std::string debug_id;    // of its CodeView record; empty: none
  std::string debug_file;  // the same
};

struct CrashThread {
  std::uint32_t id = 0;
  bool crashed = false;
  std::uint64_t instruction = 0;  // where it stood; 0: not told
};

// What a dump says about the crash. Streams that are damaged or absent leave their fields empty.
struct CrashSummary {
  std::string reason;   // "EXCEPTION_ACCESS_VIOLATION", "SIGSEGV", "0xc0000409"; empty: no crash
  std::string address;  // of the crash, "0x7ff6..."
  std::string module;   // that holds the address: last part of its path
  std::string offset;   // of the address in it, "0x1234"
  std::string system;   // "Windows", "Linux", "Mac OS X", "Android" ...
  std::string system_version;
  std::string arch;  // "x86", "amd64", "arm", "arm64"
  std::vector<CrashModule> modules;
  std::vector<CrashThread> threads;

  // The module the address lies in; null: none.
  const CrashModule* ModuleAt(std::uint64_t address) const;
};
inline constexpr std::size_t kDumpThreadsMax = 500;  // further ones are not looked at
std::string LastPathPart(const std::string& path);   // of either kind of slash
CrashSummary ReadMinidump(std::string_view dump, std::size_t modules_max);

// fields: the parts of the form. kEventPart, then "sentry" with "sentry__1".. (event JSON), then
// "sentry[a][b]" (one value of it) are laid over each other, other text becomes extra, the
// breadcrumb parts breadcrumbs in the order of time. What is unreadable counts as absent.
std::string MinidumpEvent(const CrashSummary& crash, const std::vector<FormPart>& fields,
                          JsonTree& json);

// Of an Apple crash report (text, or JSON of which nothing is read): an event beside the report.
std::string AppleCrashEvent(std::string_view report);

}  // namespace mishap
