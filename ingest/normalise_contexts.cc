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

}  // namespace

void NormalizeContexts(Event& event, MetaNotes& notes) {
  for (auto& [name, context] : event.contexts) {
    if (name == "trace") NormalizeTrace(context);
    if (auto length = TrimBag(context, kLargeBag)) notes.Shortened({"contexts", name}, *length);
  }
  std::erase_if(event.contexts, [](const NamedJson& named) { return named.second.empty(); });
}

void NormalizeFreeForm(Event& event, MetaNotes& notes) {
  std::vector<Breadcrumb>& crumbs = event.breadcrumbs;
  if (crumbs.size() > kBreadcrumbsMax) {
    notes.Shortened({"breadcrumbs", "values"}, crumbs.size());
    crumbs.erase(crumbs.begin(), crumbs.end() - static_cast<std::ptrdiff_t>(kBreadcrumbsMax));
  }
  for (Breadcrumb& crumb : crumbs) {
    TrimText(crumb.type, kEnumLimit);
    TrimText(crumb.category, kEnumLimit);
    TrimText(crumb.message, kMessageLimit);
    TrimBag(crumb.data, kMediumBag);
  }
  for (auto& [name, value] : event.extra) {
    if (auto length = TrimBag(value, kExtraValueBag)) notes.Shortened({"extra", name}, *length);
  }
  if (TrimNamed(event.extra, kExtraValueBag, kExtraBytesMax)) {
    notes.Remark({"extra"}, "!limit", 's');
  }
  if (event.modules.size() > kModulesMax) event.modules.resize(kModulesMax);
  TrimPairs(event.modules, kLargeBag.bytes_max);
}

}  // namespace mishap
