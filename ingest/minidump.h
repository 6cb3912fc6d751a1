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

// fields: the text parts of the form. "sentry" and "sentry__1".. are event JSON, "sentry[a][b]" one
// value of it, the rest becomes extra. Unreadable event JSON counts as absent.
std::string MinidumpEvent(const CrashSummary& crash, const std::vector<FormPart>& fields,
                          JsonTree& json);

}  // namespace mishap
