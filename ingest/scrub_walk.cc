#include "ingest/scrub_walk.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "event/raw_json.h"

namespace mishap {
namespace {

constexpr std::string_view kNameRule = "@password:filter";
// Ids that may look like card numbers and link an event to others.
constexpr std::array<std::string_view, 5> kLinkNames = {"trace_id", "span_id", "parent_span_id",
                                                        "replay_id", "event_id"};

// No secret that shows by its shape is shorter than a social security number.
constexpr std::size_t kShapeBytesMin = 11;

bool IsNothing(std::string_view json) {
  return json.empty() || json == "null" || json == "\"\"" || json == "{}" || json == "[]" ||
         json == "\"[Filtered]\"";
}

}  // namespace

SecretWalk::SecretWalk(const ProjectEntry& project, MetaNotes& notes)
    : project_(project), notes_(notes) {
  for (const std::string& field : project.sensitive_fields) {
    std::string lower = ToLowerAscii(TrimAscii(field));
    if (!lower.empty()) sensitive_.push_back(std::move(lower));
  }
}

bool SecretWalk::HasOwnWord(std::string_view text) const {
  return std::any_of(sensitive_.begin(), sensitive_.end(),
                     [&](const std::string& word) { return ContainsIgnoreCase(text, word); });
}

bool SecretWalk::IsSafe(std::string_view name) const {
  if (std::find(kLinkNames.begin(), kLinkNames.end(), name) != kLinkNames.end()) return true;
  return std::any_of(project_.safe_fields.begin(), project_.safe_fields.end(),
                     [&](const std::string& safe) { return safe == name; });
}

bool SecretWalk::IsSecret(std::string_view name) const {
  if (IsSafe(name)) return false;
  return (defaults() && IsSecretName(name)) || HasOwnWord(name);
}

bool SecretWalk::NeedsWalk(std::string_view json) const {
  return !sensitive_.empty() || addresses() || (defaults() && MayHoldSecrets(json));
}

void SecretWalk::NoteHere(std::string_view rule) {
  MetaPath path = base_;
  path.insert(path.end(), path_.begin(), path_.end());
  notes_.Remark(std::move(path), rule, 's');
}

void SecretWalk::Note(std::string_view field, std::string_view step, std::string_view rule) {
  path_.clear();
  if (!field.empty()) path_.emplace_back(field);
  if (!step.empty()) path_.emplace_back(step);
  NoteHere(rule);
  path_.clear();
}

std::optional<std::string> SecretWalk::Clean(std::string_view text, Words words,
                                             std::string_view& rule) const {
  if (text.empty() || text == kFiltered) return std::nullopt;
  rule = kNameRule;
  if (HasOwnWord(text)) return std::string(kFiltered);
  if (!defaults() && !addresses()) return std::nullopt;
  if (defaults() && words == Words::kSearched && HasSecretWord(text)) return std::string(kFiltered);
  TextRules rules;
  rules.shapes = defaults();
  rules.addresses = addresses();
  return WithoutSecrets(text, rules, rule);
}

void SecretWalk::Text(std::string& text, std::string_view field, Words words, bool emails) {
  if (text.empty() || (!defaults() && !addresses() && sensitive_.empty())) return;
  std::string_view rule = kNameRule;
  std::optional<std::string> clean;
  if (emails) {
    TextRules rules{.emails = true, .addresses = addresses(), .typed = true};
    clean = HasOwnWord(text) ? std::string(kFiltered) : WithoutSecrets(text, rules, rule);
  } else {
    clean = Clean(text, words, rule);
  }
  if (!clean) return;
  text = std::move(*clean);
  Note(field, {}, rule);
}

void SecretWalk::Line(std::string& line) {
  if (!defaults() || line.size() < kShapeBytesMin) return;
  std::string_view rule;
  if (auto clean = WithoutSecrets(line, TextRules{}, rule)) line = std::move(*clean);
}

void SecretWalk::Json(RawJson& value, std::string_view field, Words words) {
  if (IsNothing(value.text) || !NeedsWalk(value.text)) return;
  path_ = {std::string(field)};
  std::string out;
  out.reserve(value.text.size() + kFiltered.size());
  if (Value(value.text, out, words)) value.text = std::move(out);
  path_.clear();
}

void SecretWalk::Named(std::vector<NamedJson>& values, std::string_view field, Words words) {
  for (auto& [name, value] : values) {
    if (IsNothing(value.text) || IsSafe(name)) continue;
    if (IsSecret(name)) {
      value.text = QuotedJson(kFiltered);
      Note(field, name, kNameRule);
      continue;
    }
    if (!NeedsWalk(value.text)) continue;
    path_ = {std::string(field), name};
    if (field.empty()) path_.erase(path_.begin());
    std::string out;
    if (Value(value.text, out, words)) value.text = std::move(out);
    path_.clear();
  }
}

void SecretWalk::Pairs(std::vector<NamedText>& pairs, std::string_view field, Words words) {
  std::size_t index = 0;
  for (auto& [name, value] : pairs) {
    std::string step = std::to_string(index++);
    if (value.empty() || value == kFiltered || IsSafe(name)) continue;
    std::string_view rule = kNameRule;
    std::optional<std::string> clean;
    if (IsSecret(name)) {
      clean = std::string(kFiltered);
    } else {
      clean = Clean(value, words, rule);
    }
    if (!clean) continue;
    value = std::move(*clean);
    Note(field, step, rule);
  }
}

// Appends `json` scrubbed; true if anything differs.
bool SecretWalk::Value(std::string_view json, std::string& out, Words words) {
  const char kind = json.empty() ? 'n' : json[0];
  if (kind == '{' || kind == '[') return Container(json, out, words);
  std::string_view rule;
  std::optional<std::string> clean;
  if (kind == '"') {
    std::string_view body = json.substr(1, json.size() - 2);
    clean = body.find('\\') == std::string_view::npos ? Clean(body, words, rule)
                                                      : Clean(JsonScalarText(json), words, rule);
  } else if (json.size() >= 9 && kind != 't' && kind != 'f') {
    clean = Clean(json, words, rule);  // a number may be a card's
  }
  if (!clean) {
    out += json;
    return false;
  }
  AppendQuotedJson(out, *clean);
  NoteHere(rule);
  return true;
}

bool SecretWalk::Container(std::string_view json, std::string& out, Words words) {
  const bool object = json[0] == '{';
  bool changed = false;
  std::size_t index = 0;
  out.push_back(json[0]);
  for (const auto& [key, value] : JsonChildren(json)) {
    if (index > 0) out.push_back(',');
    path_.push_back(object ? key : std::to_string(index));
    ++index;
    if (object) {
      AppendQuotedJson(out, key);
      out.push_back(':');
    }
    if (object && IsSafe(key)) {
      out += value;
    } else if (object && !IsNothing(value) && IsSecret(key)) {
      AppendQuotedJson(out, kFiltered);
      NoteHere(kNameRule);
      changed = true;
    } else {
      changed |= Value(value, out, words);
    }
    path_.pop_back();
  }
  out.push_back(object ? '}' : ']');
  return changed;
}

}  // namespace mishap
