// The event of a minidump: what the crash reporter sent with it, and what the dump says.
#include <fmt/format.h>

#include <map>

#include "base/json_writer.h"
#include "ingest/minidump.h"

namespace mishap {
namespace {

constexpr std::size_t kImagesBytesMax = 512u << 10;
constexpr std::string_view kJsonField = "sentry";
constexpr std::string_view kChunkPrefix = "sentry__";
constexpr std::string_view kBracketPrefix = "sentry[";

// "sentry[a][b]" -> a, b; b is empty for "sentry[a]". Deeper ones end at b.
bool SplitBrackets(std::string_view name, std::string_view& outer, std::string_view& inner) {
  if (!name.starts_with(kBracketPrefix)) return false;
  name.remove_prefix(kBracketPrefix.size());
  std::size_t close = name.find(']');
  if (close == std::string_view::npos || close == 0) return false;
  outer = name.substr(0, close);
  name.remove_prefix(close + 1);
  inner = {};
  if (!name.starts_with('[')) return name.empty();
  close = name.find(']');
  if (close == std::string_view::npos || close == 1) return false;
  inner = name.substr(1, close - 1);
  return true;
}

// The fields of the form, by what they mean.
struct Fields {
  std::string event_json;
  std::map<std::string, std::string> values;                         // sentry[a]
  std::map<std::string, std::map<std::string, std::string>> nested;  // sentry[a][b]
};

Fields Sort(const std::vector<FormPart>& parts) {
  Fields fields;
  std::map<std::size_t, std::string_view> chunks;
  for (const FormPart& part : parts) {
    std::string_view outer;
    std::string_view inner;
    if (!part.filename.empty() || part.name == kDumpPart) continue;
    if (part.name == kJsonField) {
      fields.event_json = part.body;
    } else if (part.name.starts_with(kChunkPrefix)) {
      std::string digits = part.name.substr(kChunkPrefix.size());
      bool number = !digits.empty() && digits.size() < 5 &&
                    digits.find_first_not_of("0123456789") == std::string::npos;
      if (number) chunks[std::stoul(digits)] = part.body;
    } else if (SplitBrackets(part.name, outer, inner)) {
      if (inner.empty()) {
        fields.values[std::string(outer)] = part.body;
      } else {
        fields.nested[std::string(outer)][std::string(inner)] = part.body;
      }
    } else {
      fields.nested["extra"][part.name] = part.body;
    }
  }
  for (const auto& [number, text] : chunks) fields.event_json += text;
  return fields;
}

// What the dump itself decides.
bool IsOurs(std::string_view key) {
  return key == "platform" || key == "level" || key == "exception" || key == "threads" ||
         key == "debug_meta";
}

// Members of the event JSON; an object also named by fields gets these as well, they win. True if
// there were contexts.
bool WriteSent(JsonWriter& json, Fields& fields, JsonTree& tree) {
  bool contexts = fields.nested.count("contexts") > 0;
  auto root = tree.Parse(fields.event_json);
  if (root && root->IsObject()) {
    root->EachMember([&](std::string_view key, JsonValue value) {
      if (IsOurs(key)) return;
      contexts |= key == "contexts";
      auto more = fields.nested.find(std::string(key));
      if (more == fields.nested.end() || !value.IsObject()) {
        std::string raw;
        AppendJson(raw, value);
        json.Key(key).Raw(raw);
        return;
      }
      json.Key(key).BeginObject();
      value.EachMember([&](std::string_view name, JsonValue member) {
        std::string raw;
        AppendJson(raw, member);
        json.Key(name).Raw(raw);
      });
      for (const auto& [name, text] : more->second) json.Field(name, text);
      json.EndObject();
      fields.nested.erase(more);
    });
  }
  for (const auto& [name, text] : fields.values) {
    if (!IsOurs(name)) json.Field(name, text);
  }
  for (const auto& [name, members] : fields.nested) {
    json.Key(name).BeginObject();
    for (const auto& [key, text] : members) json.Field(key, text);
    json.EndObject();
  }
  return contexts;
}

void WriteContexts(JsonWriter& json, const CrashSummary& crash) {
  json.Key("contexts").BeginObject().Key("os").BeginObject().Field("name", crash.system);
  json.Field("version", crash.system_version).EndObject();
  if (!crash.arch.empty()) {
    json.Key("device").BeginObject().Field("arch", crash.arch).EndObject();
  }
  json.EndObject();
}

void WriteException(JsonWriter& json, const CrashSummary& crash) {
  json.Key("exception").BeginObject().Key("values").BeginArray().BeginObject();
  json.Field("type", crash.reason.empty() ? std::string("Minidump") : crash.reason);
  std::string value = "Fatal crash";
  if (!crash.module.empty()) value = fmt::format("{}+{}", crash.module, crash.offset);
  json.Field("value", value);
  json.Key("mechanism").BeginObject().Field("type", "minidump").Field("handled", false);
  json.Field("synthetic", true).EndObject();
  if (!crash.address.empty()) {
    json.Key("stacktrace").BeginObject().Key("frames").BeginArray().BeginObject();
    json.Field("instruction_addr", crash.address).Field("trust", "context");
    if (!crash.module.empty()) json.Field("package", crash.module);
    json.EndObject().EndArray().EndObject();
  }
  json.EndObject().EndArray().EndObject();
}

// The modules that were loaded: what addresses are looked up in.
void WriteImages(const std::string& out, JsonWriter& json, const CrashSummary& crash) {
  if (crash.modules.empty()) return;
  json.Key("debug_meta").BeginObject().Key("images").BeginArray();
  const std::size_t end = out.size() + kImagesBytesMax;  // the crash must not be too large for them
  for (const CrashModule& module : crash.modules) {
    if (out.size() > end) break;
    const bool pe = crash.system == "Windows";
    const bool apple = crash.system == "Mac OS X" || crash.system == "iOS";
    json.BeginObject().Field("type", pe ? "pe" : apple ? "macho" : "elf");
    json.Field("code_file", module.path);
    json.Field("image_addr", fmt::format("{:#x}", module.base));
    json.Field("image_size", static_cast<std::int64_t>(module.size));
    if (!module.debug_id.empty()) json.Field("debug_id", module.debug_id);
    if (!module.debug_file.empty()) json.Field("debug_file", module.debug_file);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

// Where each thread stood. The crashed one's place is the exception's.
void WriteThreads(JsonWriter& json, const CrashSummary& crash) {
  if (crash.threads.empty()) return;
  json.Key("threads").BeginObject().Key("values").BeginArray();
  for (const CrashThread& thread : crash.threads) {
    json.BeginObject().Field("id", static_cast<std::int64_t>(thread.id));
    json.Field("crashed", thread.crashed);
    if (thread.instruction != 0 && !thread.crashed) {
      json.Key("stacktrace").BeginObject().Key("frames").BeginArray().BeginObject();
      json.Field("instruction_addr", fmt::format("{:#x}", thread.instruction));
      json.Field("trust", "context");
      if (const CrashModule* module = crash.ModuleAt(thread.instruction)) {
        json.Field("package", LastPathPart(module->path));
      }
      json.EndObject().EndArray().EndObject();
    }
    json.EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string MinidumpEvent(const CrashSummary& crash, const std::vector<FormPart>& parts,
                          JsonTree& tree) {
  Fields fields = Sort(parts);
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  // What the reporter says about the system wins.
  bool contexts = WriteSent(json, fields, tree);
  if (!contexts && !crash.system.empty()) WriteContexts(json, crash);
  json.Field("platform", "native").Field("level", "fatal");
  WriteException(json, crash);
  WriteThreads(json, crash);
  WriteImages(out, json, crash);
  json.EndObject();
  return out;
}

}  // namespace mishap
