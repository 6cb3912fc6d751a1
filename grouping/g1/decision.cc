#include "grouping/g1/decision.h"

#include "grouping/g1/chars.h"
#include "grouping/g1/keys.h"

namespace mishap::g1 {

std::string_view GroundName(Ground ground) {
  switch (ground) {
    case Ground::kChecksum:
      return "checksum";
    case Ground::kCustom:
      return "custom";
    case Ground::kStack:
      return "stack";
    case Ground::kText:
      return "text";
    case Ground::kMessage:
      return "message";
    case Ground::kThreads:
      return "threads";
    case Ground::kTemplate:
      return "template";
    case Ground::kSecurity:
      return "security";
    case Ground::kFallback:
      return "fallback";
  }
  return "fallback";
}

void ReadText::Clear() {
  storage.clear();
  cut = {};
  parameterised.clear();
  tokens.clear();
}

std::string FirstCode(const ReadText& text) {
  for (const TextToken& token : text.tokens) {
    if (token.token != "code") continue;
    const std::string_view kept = text.cut.substr(token.at, token.len);
    const auto mark = kept.find_last_of(" :=#([");
    std::string code;
    AppendLower(code, mark == std::string_view::npos ? kept : kept.substr(mark + 1));
    return code;
  }
  return {};
}

void Decision::Clear() {
  ground = decided_by = Ground::kFallback;
  weak = false;
  plan.Clear();
  parts_used = 0;
  stack.Clear();
  thread = nullptr;
  message.Clear();
  security = {};
  template_file.clear();
  template_statement.clear();
  fingerprint.kind = FingerprintKind::kDefault;
  fingerprint.entries.clear();
  fingerprint.rule = nullptr;
  fingerprint.title.clear();
  content.clear();
  statement = text = {};
}

const ExceptionPart* Decision::MainPart() const {
  for (std::size_t i = 0; i < parts_used; ++i) {
    if (parts[i]->planned.index == plan.main) return parts[i].get();
  }
  return nullptr;
}

namespace {

void AppendEntries(const Fingerprint& fingerprint, Encoder encoder) {
  encoder.List(fingerprint.entries.size());
  for (const FingerprintEntry& entry : fingerprint.entries) {
    if (entry.is_default)
      encoder.Item('d', {});
    else
      encoder.Item('v', entry.value);
  }
}

}  // namespace

GroupingKeys MakeKeys(const Event& event, const Decision& decision, std::string& buffer) {
  GroupingKeys keys;
  Encoder encoder(buffer);
  if (decision.decided_by == Ground::kChecksum || decision.decided_by == Ground::kCustom) {
    BeginContent(buffer, 'X');
    if (decision.decided_by == Ground::kChecksum)
      encoder.Item('k', event.checksum);
    else
      AppendEntries(decision.fingerprint, encoder);
    keys.custom = HashContent(buffer);
    return keys;
  }
  BeginContent(buffer, 'P');
  buffer += decision.content;
  if (decision.fingerprint.kind == FingerprintKind::kHybrid) {
    AppendEntries(decision.fingerprint, encoder);
  }
  const std::size_t path_bytes = buffer.size();
  keys.path = HashContent(buffer);

  buffer[kKindAt] = 'S';
  if (decision.statement.empty())
    encoder.Absent();
  else
    encoder.Item('c', decision.statement);
  keys.site = HashContent(buffer);

  buffer[kKindAt] = 'M';
  encoder.Item('m', decision.text);
  keys.message = HashContent(buffer);

  buffer.resize(path_bytes);
  buffer[kKindAt] = 'A';
  encoder.Item('m', decision.text);
  keys.alias = HashContent(buffer);
  keys.weak = decision.weak;
  keys.by_message = decision.fingerprint.rule != nullptr && decision.fingerprint.rule->by_message;
  return keys;
}

}  // namespace mishap::g1
