#include "grouping/g1/frame.h"

#include <array>

#include "base/bytes.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/file_key.h"
#include "grouping/g1/function_name.h"
#include "grouping/g1/keys.h"
#include "grouping/g1/module_name.h"
#include "grouping/g1/statement.h"

namespace mishap::g1 {
namespace {

// What of a line decides whether it is a cut-out of minified code: 200 bytes are enough to know
// that it is longer.
constexpr std::size_t kContextBytesMax = 512;
constexpr std::size_t kLongLineBytes = 200;
constexpr std::uint32_t kBundleColumn = 500;
constexpr std::uint32_t kBundleLines = 10;
constexpr std::size_t kReadableBytes = 4;

struct Parts {
  FunctionName function;
  std::string module;
  FileKey file;
  std::string
      place;  // the file with its folder, where that does not move with the deploy; or empty
  std::string signature;
};

std::string_view Cut(std::string_view name) {
  return Utf8Prefix(name, kNameBytesMax);
}
std::string_view FunctionOf(const Frame& f) {
  return Cut(f.function.empty() ? f.raw_function : f.function);
}

bool FromBundle(const Frame& f) {
  return f.colno && *f.colno > kBundleColumn;
}

// A line that is cut out or very long says "minified" only near the top: people write long lines
// too, bundlers write few lines.
bool InFirstLines(const Frame& f) {
  return f.lineno.value_or(1) <= kBundleLines;
}

bool IsMinified(const Frame& frame, std::string_view file) {
  const auto ends = [file](std::string_view tail) {
    return file.size() > tail.size() && file.substr(file.size() - tail.size()) == tail;
  };
  const bool long_line =
      Contains(frame.context_line, "{snip}") || frame.context_line.size() > kLongLineBytes;
  return (long_line && InFirstLines(frame)) || ends(".min.js") || ends(".dart.js") ||
         FromBundle(frame);
}

// Minifiers shorten local names and keep those of properties and methods; obfuscators write _0x1f.
bool IsReadable(std::string_view function) {
  return function.size() >= kReadableBytes && function.substr(0, 3) != "_0x";
}

// abs_path of a source that came out of a source map, or a marker that symbolication left on the
// frame.
bool IsMapped(const Frame& f) {
  return f.abs_path.compare(0, 8, "webpack:") == 0 || Contains(f.data.text, "\"sourcemap\"");
}

bool IsSilentScript(std::string_view function, std::string_view filename, std::string_view path) {
  static constexpr std::array<std::string_view, 6> kPlaces{
      "[native code]", "native code", "eval code", "<anonymous>", "native", "self-hosted"};
  if (function == "eval") return true;
  // Chrome's "async Promise.all (index 0)".
  const std::string_view index = filename.substr(filename.substr(0, 1) == "(" ? 1 : 0);
  if (index.substr(0, 6) == "index " && index.size() > 6 && IsDigit(index[6])) return true;
  for (std::string_view place : kPlaces) {
    if (filename == place || (filename.empty() && path == place)) return true;
  }
  return false;
}

// Spec 6.1: which part says where, which part says what.
std::string KeyOf(const NormalFrame& f, const Parts& p) {
  const bool script = IsJavaScript(f.platform);
  const std::string_view file = p.place.empty() ? p.file.key : p.place;
  const std::string_view module = p.module;
  std::string_view loc = module.empty() ? file : module;
  bool use_function = f.has_function;
  bool use_signature = !f.has_function && f.platform != Platform::kJava;
  if (script || f.platform == Platform::kRuby) loc = file.empty() ? module : file;
  if (script && f.minified) {
    loc = file;
    use_function = f.has_function && IsReadable(f.function);
    use_signature = false;
  }
  if (script && f.mapped && !f.signature.empty()) {
    use_function = false;
    use_signature = true;
  }
  if (f.platform == Platform::kPhp) {
    const bool method = Contains(f.function, "::") && !Contains(f.function, "{closure}") &&
                        !Contains(f.function, "@anonymous");
    loc = f.has_function && method ? std::string_view{} : file;
    use_signature = false;
  }
  if (f.platform == Platform::kNative) {
    use_signature = false;
    if (f.has_function)
      loc = {};
    else
      loc = file;
  }
  std::string key(loc);
  if (use_function) return key.append("|f:").append(f.function);
  if (use_signature && !f.signature.empty()) return key.append("|c:").append(f.signature);
  return key;
}

void Append(std::string& raw, std::string_view part) {
  const auto size = static_cast<std::uint16_t>(part.size());
  raw.push_back(static_cast<char>(size & 0xFF));
  raw.push_back(static_cast<char>(size >> 8));
  raw += part;
}

std::string Repaired(std::string_view text) {
  return IsUtf8(text) ? std::string(text) : RepairUtf8(text);
}

Parts Normalise(const Frame& frame, Platform platform) {
  Parts p;
  const std::string module = Repaired(Cut(frame.module));
  p.function = NormalizeFunction(platform, Repaired(FunctionOf(frame)));
  p.module = NormalizeModule(platform, module);
  if (platform == Platform::kCsharp && p.function.text == "MoveNext") {
    if (std::string method = CsharpStateMachineMethod(module); !method.empty()) {
      p.function.text = std::move(method);
    }
  }
  const bool url = IsUrl(frame.abs_path) || IsUrl(frame.filename);
  const std::string path = Repaired(Cut(frame.filename.empty() ? frame.abs_path : frame.filename));
  p.file = MakeFileKey(platform, path, url);
  if (platform == Platform::kNative && p.file.key.empty() && !frame.package.empty()) {
    p.file = MakeFileKey(platform, Repaired(Cut(frame.package)), false);
  }
  p.place = FolderPlace(platform, module, path, p.file.key);
  if (platform == Platform::kPython && module == "__main__") p.module.clear();
  p.signature = StatementSignature(Repaired(Utf8Prefix(frame.context_line, kContextBytesMax)));
  if (!IsUsableSignature(p.signature)) p.signature.clear();
  return p;
}

}  // namespace

FrameMemo::FrameMemo() : slots_(kMemoSlots) {}

void FrameMemo::BeginEvent() {
  retired_.clear();
}

std::unique_ptr<FrameMemo::Entry> FrameMemo::Make(const Frame& frame, Platform platform,
                                                  bool mapped) {
  const Parts parts = Normalise(frame, platform);
  auto entry = std::make_unique<Entry>();
  NormalFrame& f = entry->frame;
  f.platform = platform;
  f.has_function = parts.function.named;
  f.page = parts.file.page;
  f.function = parts.function.text;
  f.signature = parts.signature;
  if (IsJavaScript(platform)) {
    f.mapped = mapped;
    f.minified = !mapped && (parts.file.hashed || IsMinified(frame, parts.file.key));
    // Without any place it is a built-in of the engine (Array.map); other engines leave such frames
    // out.
    f.silent = IsSilentScript(Trim(FunctionOf(frame)), frame.filename, frame.abs_path) ||
               (f.page && !f.has_function) ||
               (parts.file.key.empty() && parts.module.empty() && !frame.lineno);
  }
  const std::string key = KeyOf(f, parts);
  f.key_hash = HashText(key);

  // Behind a slash each: paths are compared with and without one.
  std::string paths[3] = {"/", "/", "/"};
  AppendSlashedLower(paths[0], Repaired(Cut(frame.abs_path)));
  AppendSlashedLower(paths[1], Repaired(Cut(frame.filename)));
  AppendSlashedLower(paths[2], Repaired(Cut(frame.package)));
  const std::string_view raw_module = Cut(frame.module);
  const std::string_view raw_function = Trim(FunctionOf(frame));
  std::string package;
  if (platform == Platform::kNative && !frame.package.empty())
    package = MakeFileKey(platform, Repaired(Cut(frame.package)), false).key;

  std::string& text = entry->text;
  text.reserve(parts.function.text.size() + parts.module.size() + parts.file.key.size() +
               parts.signature.size() + key.size() + paths[0].size() + paths[1].size() +
               paths[2].size() + raw_module.size() + raw_function.size() + package.size());
  const auto keep = [&text](std::string_view part) {  // the reserve keeps earlier views valid
    const std::size_t at = text.size();
    text += part;
    return std::string_view(text).substr(at, part.size());
  };
  f.function = keep(parts.function.text);
  f.module = keep(parts.module);
  f.file = keep(parts.file.key);
  f.signature = keep(parts.signature);
  f.key = keep(key);
  f.package = keep(package);
  const std::string_view seen = f.function.empty() ? std::string_view("<unknown>") : f.function;
  entry->look.emplace(FrameFacts{keep(paths[0]), keep(paths[1]), keep(paths[2]), f.module,
                                 keep(raw_module), seen, keep(raw_function), platform});
  BuiltInStackRules().Judge(*entry->look, entry->built_in_bits);
  f.look = &*entry->look;
  f.built_in_bits = &entry->built_in_bits;
  return entry;
}

const NormalFrame& FrameMemo::Answered(Entry& entry, const StackProgram* project) {
  entry.frame.project_bits = project != nullptr ? &entry.project_bits : nullptr;
  if (project != nullptr && entry.project != project->Serial()) {
    project->Judge(*entry.look, entry.project_bits);
    entry.project = project->Serial();
  }
  return entry.frame;
}

const NormalFrame& FrameMemo::Normalize(const Frame& frame, std::string_view event_platform,
                                        const StackProgram* project) {
  const Platform platform = PlatformOf(frame.platform, event_platform);
  const bool mapped = IsMapped(frame);
  raw_.clear();
  raw_.push_back(static_cast<char>(platform));
  raw_.push_back(static_cast<char>((mapped ? 1 : 0) | (FromBundle(frame) ? 2 : 0) |
                                   (frame.lineno ? 4 : 0) | (InFirstLines(frame) ? 8 : 0)));
  for (std::string_view part : {std::string_view(FunctionOf(frame)), Cut(frame.module),
                                Cut(frame.package), Cut(frame.filename), Cut(frame.abs_path)}) {
    Append(raw_, part);
  }
  Append(raw_, Utf8Prefix(frame.context_line, kContextBytesMax));

  std::unique_ptr<Entry>& slot = slots_[HashText(raw_) % kMemoSlots];
  if (slot && slot->raw == raw_) return Answered(*slot, project);
  auto entry = Make(frame, platform, mapped);
  const NormalFrame& made = Answered(*entry, project);
  if (raw_.size() > kMemoRawBytesMax) {
    retired_.push_back(std::move(entry));  // too large to keep: lives as long as the event
    return made;
  }
  entry->raw = raw_;
  if (slot) retired_.push_back(std::move(slot));
  slot = std::move(entry);
  return made;
}

}  // namespace mishap::g1
