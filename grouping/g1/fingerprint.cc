#include "grouping/g1/fingerprint.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/parameterise.h"

namespace mishap::g1 {
namespace {

// Name inside "{{ name }}"; empty if the entry is no variable.
std::string_view VariableName(std::string_view entry) {
  if (entry.size() < 5 || entry.substr(0, 2) != "{{" || entry.substr(entry.size() - 2) != "}}") {
    return {};
  }
  const std::string_view name = Trim(entry.substr(2, entry.size() - 4));
  const bool plain = std::none_of(name.begin(), name.end(),
                                  [](char c) { return IsBlank(c) || c == '{' || c == '}'; });
  return plain ? name : std::string_view{};
}

// One name for each variable: its aliases resolve alike.
std::string_view Canonical(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kAliases{{
      {"error.type", "type"},
      {"error.value", "value"},
      {"stack.function", "function"},
      {"stack.module", "module"},
      {"stack.package", "package"},
      {"path", "abs-path"},
      {"stack.abs_path", "abs-path"},
      {"stack.filename", "filename"},
  }};
  for (const auto& [alias, canonical] : kAliases) {
    if (name == alias) return canonical;
  }
  return name;
}

std::string_view MessageOf(const Event& event) {
  if (!event.logentry) return {};
  return event.logentry->message.empty() ? event.logentry->formatted : event.logentry->message;
}

// The crash frame: last in-app frame, else last frame.
const ChosenFrame* CrashFrame(const StackChoice* stack) {
  if (stack == nullptr || stack->frames.empty()) return nullptr;
  for (std::size_t i = stack->frames.size(); i-- > 0;) {
    if (stack->frames[i].in_app) return &stack->frames[i];
  }
  return &stack->frames.back();
}

std::string Basename(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string FrameValue(const FingerprintFacts& facts, std::string_view name) {
  const ChosenFrame* chosen = CrashFrame(facts.stack);
  if (chosen == nullptr) return {};
  const Frame& raw = facts.stack->source->frames[chosen->index];
  if (name == "function")
    return std::string(chosen->frame->has_function ? chosen->frame->function : "");
  if (name == "module") return std::string(chosen->frame->module);
  if (name == "package") return Basename(raw.package);
  if (name == "abs-path") return raw.abs_path;
  return raw.filename;
}

// Value of a known variable; empty when the event has none. known: false for names that mean
// nothing.
std::string VariableValue(const FingerprintFacts& facts, std::string_view name, bool as_is,
                          bool& known) {
  const auto read = [as_is](std::string_view text) {
    return as_is ? std::string(text) : Parameterise(text);
  };
  const Event& event = facts.event;
  known = true;
  if (name == "transaction") return event.transaction;
  if (name == "message") return read(MessageOf(event));
  if (name == "type") return facts.main ? facts.main->type : std::string{};
  if (name == "value") return facts.main ? read(facts.main->value) : std::string{};
  if (name == "function" || name == "module" || name == "package" || name == "abs-path" ||
      name == "filename") {
    return FrameValue(facts, name);
  }
  if (name == "level") return event.level ? std::string(LevelName(*event.level)) : std::string{};
  if (name == "logger") return event.logger;
  if (name == "release") return event.release;
  if (name == "error.code") return std::string(facts.code);
  if (name == "stack.site") return facts.stack ? std::string(facts.stack->site) : std::string{};
  if (name.substr(0, 5) == "tags.") return std::string(event.Tag(name.substr(5)));
  known = false;
  return {};
}

// as_is: texts keep their variable parts, for titles.
std::string ResolveVariable(const FingerprintFacts& facts, std::string_view written,
                            bool as_is = false) {
  const std::string_view name = Canonical(written);
  bool known = false;
  std::string value = VariableValue(facts, name, as_is, known);
  if (!known) return "<unrecognized-variable-" + std::string(written) + ">";
  if (!value.empty()) return value;
  if (name.substr(0, 5) == "tags.") {
    return "<no-value-for-tag-" + std::string(name.substr(5)) + ">";
  }
  return "<no-" + std::string(name) + ">";
}

// Clients paste the message or an exception's value: such an entry varies like the text itself.
bool IsText(const Event& event, std::string_view entry) {
  if (event.logentry && (entry == event.logentry->message || entry == event.logentry->formatted)) {
    return true;
  }
  return std::any_of(event.exceptions.begin(), event.exceptions.end(),
                     [&](const Exception& e) { return e.value == entry; });
}

Fingerprint ResolveList(const FingerprintFacts& facts, const std::vector<std::string>& list) {
  Fingerprint result;
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < list.size() && i < kFingerprintEntriesMax; ++i) {
    const std::string_view entry = Utf8Prefix(list[i], kFingerprintEntryBytesMax);
    const std::string_view name = VariableName(entry);
    FingerprintEntry resolved;
    if (name == "default") {
      resolved.is_default = true;
      ++defaults;
    } else if (!name.empty()) {
      resolved.value = ResolveVariable(facts, name);
    } else {
      const bool text = !entry.empty() && IsText(facts.event, list[i]);
      resolved.value = text ? Parameterise(entry) : std::string(entry);
    }
    result.entries.push_back(std::move(resolved));
  }
  if (result.entries.empty() || defaults == result.entries.size()) {
    result.entries.clear();
    return result;
  }
  result.kind = defaults == 0 ? FingerprintKind::kCustom : FingerprintKind::kHybrid;
  return result;
}

std::string ResolveTitle(const FingerprintFacts& facts, std::string_view pattern) {
  std::string title;
  while (!pattern.empty()) {
    const auto open = pattern.find("{{");
    const auto close = pattern.find("}}", open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    title += pattern.substr(0, open);
    title += ResolveVariable(facts, Trim(pattern.substr(open + 2, close - open - 2)), true);
    pattern.remove_prefix(close + 2);
  }
  title += pattern;
  return std::string(Utf8Prefix(title, kFingerprintEntryBytesMax));
}

}  // namespace

Fingerprint ResolveFingerprint(const FingerprintFacts& facts, const MatchedEvent& matched,
                               const FingerprintProgram* rules) {
  const FingerprintRule* rule = rules != nullptr ? rules->Find(matched) : nullptr;
  Fingerprint result = ResolveList(
      facts, rule != nullptr && !rule->values.empty() ? rule->values : facts.event.fingerprint);
  if (rule == nullptr && result.kind != FingerprintKind::kCustom) {
    rule = BuiltInFingerprintRules().Find(matched);
    if (rule != nullptr) {
      std::vector<FingerprintEntry> extras;  // of the client; its default gives way
      for (FingerprintEntry& entry : result.entries) {
        if (!entry.is_default) extras.push_back(std::move(entry));
      }
      result = ResolveList(facts, rule->values);
      for (FingerprintEntry& entry : extras) result.entries.push_back(std::move(entry));
    }
  }
  if (rule != nullptr) {
    result.rule = rule;
    result.title = ResolveTitle(facts, rule->title);
  }
  return result;
}

}  // namespace mishap::g1
