#include "ingest/minidump/minidump.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::uint32_t kModuleListStream = 4;
constexpr std::uint32_t kExceptionStream = 6;
constexpr std::uint32_t kSystemInfoStream = 7;
constexpr std::uint32_t kStreamsMax = 1000;
constexpr std::uint32_t kThreadListStream = 3;
constexpr std::size_t kModuleBytes = 108;
constexpr std::size_t kThreadBytes = 48;
constexpr std::uint32_t kCodeViewBytesMax = 1024;
constexpr std::uint32_t kNoThread = 0xFFFFFFFF;
constexpr std::size_t kPathBytesMax = 2048;

// Numbers inside a dump, in the order of bytes its first four tell; nothing outside is ever read.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes), big_endian_(bytes.starts_with("PMDM")) {}

  std::optional<std::uint64_t> Number(std::uint64_t at, std::size_t width) const {
    if (at > bytes_.size() || bytes_.size() - at < width) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[at + (big_endian_ ? i : width - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }
  std::uint32_t U32(std::uint64_t at) const {
    return static_cast<std::uint32_t>(Number(at, 4).value_or(0));
  }
  std::uint64_t U64(std::uint64_t at) const { return Number(at, 8).value_or(0); }
  bool Has(std::uint64_t at, std::size_t size) const {
    return at <= bytes_.size() && bytes_.size() - at >= size;
  }
  // Up to the first NUL; what is no ASCII becomes '?'.
  std::string Ascii(std::uint64_t at, std::size_t size) const {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
      std::uint64_t unit = Number(at + i, 1).value_or(0);
      if (unit == 0) break;
      out.push_back(unit >= 0x20 && unit < 0x7F ? static_cast<char>(unit) : '?');
    }
    return out;
  }
  // A counted UTF-16 string; what is no ASCII becomes '?', which paths of modules rarely hold.
  std::string Text(std::uint64_t at) const {
    std::size_t size = std::min<std::size_t>(U32(at), kPathBytesMax);
    if (!Has(at + 4, size)) return {};
    std::string out;
    for (std::size_t i = 0; i + 1 < size; i += 2) {
      std::uint64_t unit = Number(at + 4 + i, 2).value_or('?');
      out.push_back(unit >= 0x20 && unit < 0x7F ? static_cast<char>(unit) : '?');
    }
    return out;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

struct Named {
  std::uint32_t number;
  std::string_view name;
};
constexpr Named kWindowsCodes[] = {
    {0x80000003, "EXCEPTION_BREAKPOINT"},
    {0xC0000005, "EXCEPTION_ACCESS_VIOLATION"},
    {0xC0000006, "EXCEPTION_IN_PAGE_ERROR"},
    {0xC000001D, "EXCEPTION_ILLEGAL_INSTRUCTION"},
    {0xC0000094, "EXCEPTION_INT_DIVIDE_BY_ZERO"},
    {0xC00000FD, "EXCEPTION_STACK_OVERFLOW"},
    {0xC0000374, "HEAP_CORRUPTION"},
    {0xC0000409, "STACK_BUFFER_OVERRUN"},
};
constexpr Named kUnixSignals[] = {
    {4, "SIGILL"}, {5, "SIGTRAP"},  {6, "SIGABRT"}, {7, "SIGBUS"},
    {8, "SIGFPE"}, {11, "SIGSEGV"}, {31, "SIGSYS"},
};
constexpr Named kMacCodes[] = {
    {1, "EXC_BAD_ACCESS"}, {2, "EXC_BAD_INSTRUCTION"}, {3, "EXC_ARITHMETIC"},
    {6, "EXC_BREAKPOINT"}, {10, "EXC_CRASH"},          {12, "EXC_GUARD"},
};
constexpr Named kSystems[] = {
    {2, "Windows"}, {0x8101, "Mac OS X"}, {0x8102, "iOS"}, {0x8201, "Linux"}, {0x8203, "Android"},
};
constexpr Named kArchitectures[] = {
    {0, "x86"},    {1, "mips"},       {3, "ppc"},        {5, "arm"},        {9, "amd64"},
    {12, "arm64"}, {0x8001, "sparc"}, {0x8002, "ppc64"}, {0x8003, "arm64"}, {0x8004, "mips64"},
};

template <std::size_t N>
std::string_view NameOf(const Named (&table)[N], std::uint32_t number) {
  for (const Named& entry : table) {
    if (entry.number == number) return entry.name;
  }
  return {};
}

std::string CodeName(std::uint32_t code, std::string_view system) {
  std::string_view name;
  if (system == "Windows") name = NameOf(kWindowsCodes, code);
  if (system == "Linux" || system == "Android") name = NameOf(kUnixSignals, code);
  if (system == "Mac OS X" || system == "iOS") name = NameOf(kMacCodes, code);
  return name.empty() ? fmt::format("{:#x}", code) : std::string(name);
}

// A PDB's GUID and age as debug ids are written: "0a1b2c3d-...-1".
void ReadCodeView(const Bytes& dump, std::uint64_t at, std::size_t size, CrashModule& module) {
  constexpr std::uint32_t kRsds = 0x53445352;
  if (size < 24 || !dump.Has(at, size) || dump.U32(at) != kRsds) return;
  auto number = [&](std::uint64_t where, std::size_t width) {
    return dump.Number(at + where, width).value_or(0);
  };
  std::string tail;
  for (std::uint64_t i = 12; i < 20; ++i) tail += fmt::format("{:02x}", number(i, 1));
  module.debug_id = fmt::format("{:08x}-{:04x}-{:04x}-{}-{}", number(4, 4), number(8, 2),
                                number(10, 2), tail.substr(0, 4), tail.substr(4));
  if (auto age = number(20, 4); age > 0) module.debug_id += fmt::format("-{:x}", age);
  module.debug_file = dump.Ascii(at + 24, size - 24);
}

void ReadModules(const Bytes& dump, std::uint64_t list, std::size_t modules_max,
                 CrashSummary& crash) {
  const std::size_t count = std::min<std::size_t>(dump.U32(list), modules_max);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = list + 4 + i * kModuleBytes;
    if (!dump.Has(at, kModuleBytes)) return;
    CrashModule& module = crash.modules.emplace_back();
    module.base = dump.U64(at);
    module.size = dump.U32(at + 8);
    module.path = dump.Text(dump.U32(at + 20));
    ReadCodeView(dump, dump.U32(at + 80), std::min(dump.U32(at + 76), kCodeViewBytesMax), module);
  }
}

// Where the program counter stands in a thread's context.
std::uint64_t InstructionIn(const Bytes& dump, std::uint64_t context, std::string_view arch) {
  if (context == 0) return 0;
  if (arch == "amd64") return dump.U64(context + 0xF8);
  if (arch == "x86") return dump.U32(context + 0xB8);
  if (arch == "arm64") return dump.U64(context + 264);
  return arch == "arm" ? dump.U32(context + 64) : 0;
}

void ReadThreads(const Bytes& dump, std::uint64_t list, std::uint32_t crashed,
                 CrashSummary& crash) {
  const std::size_t count = std::min<std::size_t>(dump.U32(list), kDumpThreadsMax);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = list + 4 + i * kThreadBytes;
    if (!dump.Has(at, kThreadBytes)) return;
    CrashThread& thread = crash.threads.emplace_back();
    thread.id = dump.U32(at);
    thread.crashed = thread.id == crashed;
    thread.instruction = InstructionIn(dump, dump.U32(at + 44), crash.arch);
  }
}

void ReadSystem(const Bytes& dump, std::uint64_t at, CrashSummary& crash) {
  if (!dump.Has(at, 24)) return;
  crash.arch = NameOf(kArchitectures, static_cast<std::uint32_t>(dump.Number(at, 2).value_or(0)));
  crash.system = NameOf(kSystems, dump.U32(at + 20));
  crash.system_version =
      fmt::format("{}.{}.{}", dump.U32(at + 8), dump.U32(at + 12), dump.U32(at + 16));
}

}  // namespace

std::string LastPathPart(const std::string& path) {
  std::size_t slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

const CrashModule* CrashSummary::ModuleAt(std::uint64_t where) const {
  for (const CrashModule& candidate : modules) {
    if (where >= candidate.base && where - candidate.base < candidate.size) return &candidate;
  }
  return nullptr;
}

bool LooksLikeMinidump(std::string_view bytes) {
  return bytes.starts_with("MDMP") || bytes.starts_with("PMDM");
}

CrashSummary ReadMinidump(std::string_view bytes, std::size_t modules_max) {
  CrashSummary crash;
  if (!LooksLikeMinidump(bytes)) return crash;
  Bytes dump(bytes);
  std::uint32_t streams = std::min(dump.U32(8), kStreamsMax);
  std::uint64_t directory = dump.U32(12);
  std::optional<std::uint64_t> exception;
  std::optional<std::uint64_t> modules;
  std::optional<std::uint64_t> threads;
  for (std::uint32_t i = 0; i < streams; ++i) {
    std::uint64_t entry = directory + i * 12u;
    if (!dump.Has(entry, 12)) break;
    std::uint64_t at = dump.U32(entry + 8);
    switch (dump.U32(entry)) {
      case kSystemInfoStream:
        ReadSystem(dump, at, crash);
        break;
      case kExceptionStream:
        if (dump.Has(at, 32)) exception = at;
        break;
      case kModuleListStream:
        modules = at;
        break;
      case kThreadListStream:
        threads = at;
        break;
      default:
        break;
    }
  }
  if (modules) ReadModules(dump, *modules, modules_max, crash);
  if (threads) {
    ReadThreads(dump, *threads, exception ? dump.U32(*exception) : kNoThread, crash);
  }
  if (!exception) return crash;
  std::uint64_t address = dump.U64(*exception + 24);
  crash.reason = CodeName(dump.U32(*exception + 8), crash.system);
  crash.address = fmt::format("{:#x}", address);
  if (const CrashModule* module = crash.ModuleAt(address)) {
    crash.module = LastPathPart(module->path);
    crash.offset = fmt::format("{:#x}", address - module->base);
  }
  return crash;
}

}  // namespace mishap
