// Contexts, breadcrumbs, extra and modules: free-form parts held within their bags.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

bool IsHex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Ids of a trace context are lower-case hex of their length, or gone.
void NormalizeTrace(RawJson& context) {
  bool changed = false;
  std::string out = "{";
  for (const auto& [key, value] : JsonChildren(context.text)) {
    const bool is_trace = key == "trace_id";
    const bool is_id = is_trace || key == "span_id" || key == "parent_span_id";
    std::string id = is_id ? ToLowerAscii(JsonScalarText(value)) : std::string();
    if (is_trace) std::erase(id, '-');
    if (is_id && !IsHex(id, is_trace ? 32 : 16)) {
      changed = true;
      continue;
    }
    if (out.size() > 1) out.push_back(',');
    AppendQuotedJson(out, key);
    out.push_back(':');
    if (is_id) {
      std::string quoted = QuotedJson(id);
      changed |= quoted != value;
      out += quoted;
    } else {
      out += value;
    }
  }
  if (changed) context.text = out == "{" ? "" : out + "}";
}

// "Microsoft Windows 10.0.22631", "Mac OS X Version 10.15.7", ".NET Core 3.1.4" -> name and
// version, where an SDK of .NET sent nothing else.
void ReadDescription(RawJson& context) {
  if (!JsonMember(context.text, "name").empty()) return;
  const std::string text = JsonMemberText(context.text, "raw_description");
  std::size_t at = 0;  // of the version: the first digit behind a blank
  while (at < text.size() &&
         !(at > 0 && text[at - 1] == ' ' && text[at] >= '0' && text[at] <= '9')) {
    ++at;
  }
  if (at == text.size()) return;
  std::string_view name = TrimAscii(std::string_view(text).substr(0, at));
  constexpr std::string_view kMaker = "Microsoft ";
  constexpr std::string_view kWord = " Version";
  if (name.starts_with(kMaker)) name.remove_prefix(kMaker.size());
  if (name.ends_with(kWord)) name.remove_suffix(kWord.size());
  std::string version = text.substr(at, text.find_first_not_of("0123456789.", at) - at);
  while (version.ends_with('.')) version.pop_back();
  if (name.empty()) return;
  context.text.pop_back();
  context.text += ",\"name\":" + QuotedJson(name) + ",\"version\":" + QuotedJson(version) + "}";
}

void TrimCrumb(Breadcrumb& crumb, std::size_t index, MetaNotes& notes) {
  auto note = [&](std::string_view field, std::size_t length) {
    notes.Shortened({"breadcrumbs", "values", std::to_string(index), std::string(field)}, length);
  };
  TrimText(crumb.type, kEnumLimit);
  TrimText(crumb.category, kEnumLimit);
  if (auto length = TrimText(crumb.message, kMessageLimit)) note("message", *length);
  if (auto length = TrimBag(crumb.data, kMediumBag)) note("data", *length);
}

void KeepMembers(std::vector<NamedJson>& members, const MetaPath& path, MetaNotes& notes) {
  if (members.size() <= kMembersMax) return;
  notes.Shortened(path, members.size());
  members.resize(kMembersMax);
}

// Names nobody knows, in the event and in its exceptions.
void KeepUnknown(Event& event, MetaNotes& notes) {
  KeepMembers(event.other, {}, notes);
  for (std::size_t i = 0; i < event.exceptions.size(); ++i) {
    const MetaPath path = {"exception", "values", std::to_string(i)};
    KeepMembers(event.exceptions[i].other, path, notes);
    if (!event.exceptions[i].stacktrace) continue;
    std::vector<Frame>& frames = event.exceptions[i].stacktrace->frames;
    for (std::size_t j = 0; j < frames.size(); ++j) {
      if (frames[j].other.size() <= kMembersMax) continue;
      MetaPath frame = path;
      for (const std::string& step :
           {std::string("stacktrace"), std::string("frames"), std::to_string(j)}) {
        frame.push_back(step);
      }
      KeepMembers(frames[j].other, frame, notes);
    }
  }
}

}  // namespace

void NormalizeContexts(Event& event, MetaNotes& notes) {
  for (auto& [name, context] : event.contexts) {
    if (name == "trace") NormalizeTrace(context);
    if (name == "os" || name == "runtime") ReadDescription(context);
    if (auto length = TrimBag(context, kLargeBag)) notes.Shortened({"contexts", name}, *length);
  }
  std::erase_if(event.contexts, [](const NamedJson& named) { return named.second.empty(); });
  KeepMembers(event.contexts, {"contexts"}, notes);
}

void NormalizeFreeForm(Event& event, MetaNotes& notes) {
  std::vector<Breadcrumb>& crumbs = event.breadcrumbs;
  if (crumbs.size() > kBreadcrumbsMax) {
    notes.Shortened({"breadcrumbs", "values"}, crumbs.size());
    crumbs.erase(crumbs.begin(), crumbs.end() - static_cast<std::ptrdiff_t>(kBreadcrumbsMax));
  }
  for (std::size_t i = 0; i < crumbs.size(); ++i) TrimCrumb(crumbs[i], i, notes);
  for (auto& [name, value] : event.extra) {
    if (auto length = TrimBag(value, kExtraValueBag)) notes.Shortened({"extra", name}, *length);
  }
  if (TrimNamed(event.extra, kExtraValueBag, kExtraBytesMax)) {
    notes.Remark({"extra"}, "!limit", 's');
  }
  KeepMembers(event.extra, {"extra"}, notes);
  KeepUnknown(event, notes);
  const std::size_t modules = event.modules.size();
  if (modules > kModulesMax) event.modules.resize(kModulesMax);
  if (TrimPairs(event.modules, kLargeBag.bytes_max) || modules > kModulesMax) {
    notes.Shortened({"modules"}, modules);
  }
}

}  // namespace mishap
