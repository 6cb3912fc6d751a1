// The event of a minidump: what the crash reporter sent with it, and what the dump says.
#include <fmt/format.h>

#include <map>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "ingest/minidump/minidump.h"
#include "ingest/minidump/msgpack.h"

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
  std::string_view msgpack;
  std::string_view breadcrumbs[2];
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
    if (part.name == kEventPart) fields.msgpack = part.body;
    for (std::size_t i = 0; i < 2; ++i) {
      if (part.name == kBreadcrumbParts[i]) fields.breadcrumbs[i] = part.body;
    }
    if (!part.filename.empty() || part.name == kDumpPart || IsEventPart(part.name)) continue;
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

// A member of the event, put together from several sources: JSON text, or an object's members.
struct Sent {
  bool object = false;
  std::string raw;
  std::map<std::string, std::string> members;
};
using SentEvent = std::map<std::string, Sent>;

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::string JsonOf(JsonValue value) {
  std::string out;
  AppendJson(out, value);
  return out;
}

// Lays one event over what is there: objects member by member, anything else as a whole.
void LayOver(SentEvent& event, JsonValue root) {
  if (!root.IsObject()) return;
  root.EachMember([&](std::string_view key, JsonValue value) {
    if (IsOurs(key)) return;
    Sent& sent = event[std::string(key)];
    if (key == "event_id" && !sent.raw.empty()) return;  // the first to name it
    if (!value.IsObject()) {
      sent = {false, JsonOf(value), {}};
      return;
    }
    sent.object = true;
    value.EachMember([&](std::string_view name, JsonValue member) {
      sent.members[std::string(name)] = JsonOf(member);
    });
  });
}

// The seconds of the last breadcrumb; 0: not told.
double LastTime(JsonValue breadcrumbs) {
  double last = 0;
  breadcrumbs.EachElement([&](JsonValue one) {
    if (!one.IsObject()) return;
    one.EachMember([&](std::string_view key, JsonValue value) {
      if (key != "timestamp") return;
      if (value.IsDouble()) last = value.Double();
      if (value.IsInt()) last = static_cast<double>(value.Int());
      if (!value.IsString()) return;
      if (auto time = ParseTimestamp(value.Text())) last = static_cast<double>(time->micros) / 1e6;
    });
  });
  return last;
}

// Both files as one list, the one that was written last behind the other; empty: there are none.
std::string MergedBreadcrumbs(const Fields& fields, JsonTree& tree) {
  std::string lists[2];
  double times[2] = {0, 0};
  for (std::size_t i = 0; i < 2; ++i) {
    // Cut off by the crash: what was written before counts.
    static_cast<void>(AppendMsgpackSequence(lists[i], fields.breadcrumbs[i]));
    if (auto list = tree.Parse(lists[i])) times[i] = LastTime(*list);
  }
  const std::size_t first = times[1] < times[0] ? 1 : 0;
  const std::string_view earlier = lists[first];
  const std::string_view later = lists[1 - first];
  if (later == "[]") return earlier == "[]" ? std::string() : std::string(earlier);
  if (earlier == "[]") return std::string(later);
  return fmt::format("{},{}", earlier.substr(0, earlier.size() - 1), later.substr(1));
}

SentEvent ReadSent(const Fields& fields, JsonTree& tree) {
  SentEvent event;
  std::string packed;
  if (AppendMsgpackSequence(packed, fields.msgpack)) {
    auto list = tree.Parse(packed);
    if (list) list->EachElement([&](JsonValue one) { LayOver(event, one); });
  }
  if (auto root = tree.Parse(fields.event_json)) LayOver(event, *root);
  for (const auto& [name, text] : fields.values) {
    if (IsOurs(name) || (name == "event_id" && event.contains(name))) continue;
    event[name] = {false, Quoted(text), {}};
  }
  for (const auto& [name, members] : fields.nested) {
    Sent& sent = event[name];
    sent.object = true;
    for (const auto& [key, text] : members) sent.members[key] = Quoted(text);
  }
  const std::string breadcrumbs = MergedBreadcrumbs(fields, tree);
  if (!breadcrumbs.empty()) event["breadcrumbs"] = {false, breadcrumbs, {}};
  return event;
}

void WriteSent(JsonWriter& json, const SentEvent& event) {
  for (const auto& [name, sent] : event) {
    json.Key(name);
    if (!sent.object) {
      json.Raw(sent.raw);
      continue;
    }
    json.BeginObject();
    for (const auto& [key, raw] : sent.members) json.Key(key).Raw(raw);
    json.EndObject();
  }
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

// The text behind "name:" at the beginning of a line.
std::string_view ReportLine(std::string_view report, std::string_view name) {
  const std::string mark = fmt::format("\n{}:", name);
  const std::size_t at = report.find(mark);
  if (at == std::string_view::npos) return {};
  report.remove_prefix(at + mark.size());
  return TrimAscii(report.substr(0, report.find('\n')));
}

}  // namespace

bool IsEventPart(std::string_view name) {
  return name == kEventPart || name == kBreadcrumbParts[0] || name == kBreadcrumbParts[1];
}

std::string AppleCrashEvent(std::string_view report) {
  const std::string_view type = ReportLine(report, "Exception Type");
  const std::string_view process = ReportLine(report, "Process");
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("platform", "native").Field("level", "fatal");
  json.Key("exception").BeginObject().Key("values").BeginArray().BeginObject();
  json.Field("type", type.empty() ? std::string_view("AppleCrashReport") : type);
  json.Field("value", process.empty() ? std::string_view("Fatal crash") : process);
  json.Key("mechanism").BeginObject().Field("type", "applecrashreport").Field("handled", false);
  json.Field("synthetic", true).EndObject().EndObject().EndArray().EndObject().EndObject();
  return out;
}

std::string MinidumpEvent(const CrashSummary& crash, const std::vector<FormPart>& parts,
                          JsonTree& tree) {
  const SentEvent sent = ReadSent(Sort(parts), tree);
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  WriteSent(json, sent);
  // What the reporter says about the system wins.
  if (!sent.contains("contexts") && !crash.system.empty()) WriteContexts(json, crash);
  json.Field("platform", "native").Field("level", "fatal");
  WriteException(json, crash);
  WriteThreads(json, crash);
  WriteImages(out, json, crash);
  json.EndObject();
  return out;
}

}  // namespace mishap
