#include "grouping/g1/judge.h"

#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/engine_text.h"
#include "grouping/g1/file_key.h"
#include "grouping/g1/json_peek.h"
#include "grouping/g1/keys.h"
#include "grouping/g1/statement.h"

namespace mishap::g1 {
namespace {

const Options kNoOptions;

bool HasFrames(const std::optional<Stacktrace>& stack) {
  return stack && !stack->frames.empty();
}

// An exception without a stack of its own takes that of the thread it names.
const Stacktrace* StackOf(const Event& event, const Exception& exception) {
  if (HasFrames(exception.stacktrace)) return &*exception.stacktrace;
  if (exception.thread_id.empty()) return nullptr;
  const std::string id = JsonScalar(exception.thread_id.text);
  for (const Thread& thread : event.threads) {
    if (HasFrames(thread.stacktrace) && JsonScalar(thread.id.text) == id)
      return &*thread.stacktrace;
  }
  return nullptr;
}

// The crashed thread, else the current one, else the first; of those that have a stack.
const Thread* ChooseThread(const Event& event) {
  const Thread* current = nullptr;
  const Thread* first = nullptr;
  for (const Thread& thread : event.threads) {
    if (!HasFrames(thread.stacktrace)) continue;
    if (thread.crashed.value_or(false)) return &thread;
    if (current == nullptr && thread.current.value_or(false)) current = &thread;
    if (first == nullptr) first = &thread;
  }
  return current != nullptr ? current : first;
}

void AppendKeys(const StackChoice& stack, char tag, Encoder& encoder) {
  encoder.List(stack.keys.size());
  for (std::string_view key : stack.keys) encoder.Item(tag, key);
}

// A message in an exception's clothes, a thrown value that is no error, an error of another
// language that was handed on, or an error of Go without a type of its own: the stack is where the
// SDK was called, so the text says what happened.
bool IsSaid(const Exception& exception, const TypePart& type, std::string_view platform) {
  if (exception.type.empty() || IsForwarded(exception.type)) return true;
  const Platform p = PlatformOf({}, platform);
  return (type.synthetic && IsJavaScript(p)) || (p == Platform::kGo && IsPlainGoError(type.type));
}

// Nothing in the stack is ours, so it does not say what we did: a code in the text does (404 or
// 503 of one client library). Of native crashes the text has no more than the signal.
bool CodeMayCount(const StackChoice& stack) {
  return stack.mode == StackMode::kSystem &&
         stack.frames.back().frame->platform != Platform::kNative;
}

}  // namespace

void AppendException(const ExceptionPart& part, std::string_view platform, std::string& content) {
  Encoder encoder(content);
  encoder.Item('e', part.type.type);
  if (part.type.error_domain.empty() && part.type.error_code.empty()) {
    encoder.Absent();
  } else {
    encoder.Item('d', part.type.error_domain).Item('k', part.type.error_code);
  }
  if (part.stack.mode == StackMode::kMinified) {
    encoder.Item('m', part.text.parameterised);
    AppendKeys(part.stack, 'n', encoder);
  } else if (part.stack.Usable()) {
    if (part.text_counts) encoder.Item('m', part.text.parameterised);
    if (!part.code.empty()) encoder.Item('c', part.code);
    AppendKeys(part.stack, 'f', encoder);
  } else {
    encoder.Item('m', part.text.parameterised).Item('p', platform);
    AppendKeys(part.stack, 'w', encoder);
  }
}

const Decision& Judge::Decide(const Event& event, bool explain, const Rules* rules) {
  options_ = rules != nullptr ? &rules->options : &kNoOptions;
  chooser_.UseRules(rules != nullptr ? rules->stack.get() : nullptr, options_->newest_first);
  memo_.BeginEvent();
  decision_.Clear();
  event_ = &event;
  rules_ = rules;
  tokens_ = explain || !event.fingerprint.empty() || (rules != nullptr && rules->fingerprint);
  if (!DecideSecurity(event) && !DecideExceptions(event) && !DecideMessage(event) &&
      !DecideThreads(event) && !DecideTemplate(event)) {
    DecideFallback(event);
  }
  decision_.decided_by = decision_.ground;
  ApplyFingerprint(event);
  event_ = nullptr;
  return decision_;
}

ExceptionPart& Judge::NextPart() {
  if (decision_.parts_used == decision_.parts.size()) {
    decision_.parts.push_back(std::make_unique<ExceptionPart>());
  }
  return *decision_.parts[decision_.parts_used++];
}

std::size_t Judge::Limit(std::size_t frames) const {
  switch (options_->depth) {
    case Depth::kSite:
      return kSiteOnly;
    case Depth::kFull:
      return kNoLimit;
    case Depth::kPath:
      break;
  }
  return frames;
}

void Judge::Read(std::string_view raw, ReadText& text, bool tokens) {
  text.Clear();
  text.cut = CutText(raw, text.storage);
  if (!options_->parameterise) {
    text.parameterised = text.cut;
    return;
  }
  if (options_->patterns != nullptr) {
    std::string replaced;
    options_->patterns->Replace(text.cut, replaced, tokens ? &text.tokens : nullptr);
    text.storage = std::move(replaced);
    text.cut = text.storage;
  }
  ParameteriseCut(text.cut, text.parameterised, tokens ? &text.tokens : nullptr);
}

void Judge::ReadPart(const Event& event, const PlannedException& planned, ExceptionPart& part) {
  const Exception& exception = event.exceptions[planned.index];
  part.planned = planned;
  part.type = ReadType(exception);
  part.stack.Clear();
  if (const Stacktrace* stack = StackOf(event, exception)) {
    const bool root = planned.role == ExceptionRole::kRoot;
    const std::size_t limit = Limit(root ? kRootFrames : kOuterFrames);
    chooser_.Choose(*stack, event.platform, &exception, limit, part.stack);
  }
  const bool by_code = CodeMayCount(part.stack);
  Read(exception.value, part.text, tokens_ || by_code);
  UnifyEngineText(PlatformOf({}, event.platform), part.type.type,
                  part.stack.mode == StackMode::kMinified, part.text.parameterised);
  part.text_counts =
      !part.stack.Usable() || part.stack.mode == StackMode::kMinified ||
      (IsSaid(exception, part.type, event.platform) && !part.text.parameterised.empty());
  part.code = by_code && !part.text_counts ? FirstCode(part.text) : std::string();
}

void Judge::KeepDistinct(std::vector<std::size_t>& members) {
  std::vector<std::pair<std::string, std::size_t>> contents;
  ExceptionPart part;
  for (std::size_t index : members) {
    ReadPart(*event_, {index, ExceptionRole::kMember}, part);
    std::string content;
    AppendException(part, event_->platform, content);
    const bool known = std::any_of(contents.begin(), contents.end(),
                                   [&](const auto& other) { return other.first == content; });
    if (!known) contents.emplace_back(std::move(content), index);
  }
  // By content, so that the order in which the members were raised does not matter.
  std::sort(contents.begin(), contents.end());
  if (contents.size() > kGroupMembersMax) contents.resize(kGroupMembersMax);
  members.clear();
  for (const auto& [content, index] : contents) members.push_back(index);
}

bool Judge::DecideSecurity(const Event& event) {
  decision_.security = ReadSecurityReport(event);
  const SecurityPart& part = decision_.security;
  if (part.kind.empty()) return false;
  decision_.ground = Ground::kSecurity;
  Encoder(decision_.content).Item('Y', part.kind).Item('d', part.directive).Item('t', part.target);
  return true;
}

bool Judge::DecideExceptions(const Event& event) {
  if (event.exceptions.empty()) return false;
  PlanExceptions(event, *this, decision_.plan);
  for (const PlannedException& planned : decision_.plan.parts) {
    ReadPart(event, planned, NextPart());
  }
  const ExceptionPart& main = *decision_.MainPart();
  const bool says = main.stack.Usable() || !main.type.type.empty() ||
                    !main.type.error_domain.empty() || !main.text.parameterised.empty();
  if (!says) return false;
  if (decision_.plan.group) Encoder(decision_.content).Item('G', {});
  Encoder(decision_.content).List(decision_.parts_used);
  for (std::size_t i = 0; i < decision_.parts_used; ++i) {
    AppendException(*decision_.parts[i], event.platform, decision_.content);
  }
  const bool by_text = main.text_counts && !decision_.plan.group;
  decision_.ground = by_text ? Ground::kText : Ground::kStack;
  decision_.weak =
      std::none_of(decision_.parts.begin(),
                   decision_.parts.begin() + static_cast<std::ptrdiff_t>(decision_.parts_used),
                   [](const auto& part) { return part->stack.Usable(); });
  decision_.statement = main.stack.statement;
  decision_.text = main.text.parameterised;
  return true;
}

bool Judge::DecideMessage(const Event& event) {
  if (!event.logentry) return false;
  const LogEntry& entry = *event.logentry;
  Read(entry.message.empty() ? entry.formatted : entry.message, decision_.message, tokens_);
  if (decision_.message.parameterised.empty()) return false;
  decision_.ground = Ground::kMessage;
  decision_.text = decision_.message.parameterised;
  const Stacktrace* stack = HasFrames(event.stacktrace) ? &*event.stacktrace : nullptr;
  if (stack == nullptr) {
    decision_.thread = ChooseThread(event);
    if (decision_.thread != nullptr) stack = &*decision_.thread->stacktrace;
  }
  // One frame is enough: the text decides, the place only refines.
  if (stack != nullptr) {
    chooser_.Choose(*stack, event.platform, nullptr, kSiteOnly, decision_.stack);
    if (!decision_.stack.Usable()) decision_.stack.Discard();
  }
  Encoder encoder(decision_.content);
  encoder.Item('M', decision_.text);
  if (decision_.stack.site.empty())
    encoder.Absent();
  else
    encoder.Item('f', decision_.stack.site);
  decision_.statement = decision_.stack.statement;
  return true;
}

bool Judge::DecideThreads(const Event& event) {
  const Stacktrace* stack = HasFrames(event.stacktrace) ? &*event.stacktrace : nullptr;
  if (stack == nullptr) {
    decision_.thread = ChooseThread(event);
    if (decision_.thread == nullptr) return false;
    stack = &*decision_.thread->stacktrace;
  }
  chooser_.Choose(*stack, event.platform, nullptr, Limit(kOuterFrames), decision_.stack);
  if (!decision_.stack.Usable()) return false;
  decision_.ground = Ground::kThreads;
  decision_.statement = decision_.stack.statement;
  Encoder encoder(decision_.content);
  encoder.Item('T', {});
  AppendKeys(decision_.stack, 'f', encoder);
  return true;
}

bool Judge::DecideTemplate(const Event& event) {
  if (event.frame_template.empty()) return false;
  const std::string_view json = event.frame_template.text;
  std::string file = JsonScalar(JsonMember(json, "filename"));
  if (file.empty()) file = JsonScalar(JsonMember(json, "abs_path"));
  if (file.empty()) return false;
  const Platform platform = PlatformOf({}, event.platform);
  decision_.template_file = MakeFileKey(platform, file, IsUrl(file)).key;
  decision_.template_statement = StatementSignature(JsonScalar(JsonMember(json, "context_line")));
  decision_.ground = Ground::kTemplate;
  Encoder(decision_.content)
      .Item('P', decision_.template_file)
      .Item('c', decision_.template_statement);
  return true;
}

void Judge::DecideFallback(const Event& event) {
  decision_.ground = Ground::kFallback;
  decision_.weak = true;
  Encoder encoder(decision_.content);
  const ExceptionPart* main = decision_.MainPart();
  const StackChoice& stack = main != nullptr ? main->stack : decision_.stack;
  if (!stack.keys.empty()) {
    encoder.Item('T', "w").Item('p', event.platform);
    AppendKeys(stack, 'w', encoder);
    return;
  }
  encoder.Item('F', event.platform)
      .Item('y', event.type)
      .Item('l', event.logger)
      .Item('t', event.transaction)
      .Item('v', event.level ? LevelName(*event.level) : std::string_view{})
      .Item('s', stack.source != nullptr ? "1" : "0");
}

void Judge::ApplyFingerprint(const Event& event) {
  if (!event.checksum.empty()) {
    decision_.decided_by = Ground::kChecksum;
    return;
  }
  const FingerprintProgram* rules = rules_ != nullptr ? rules_->fingerprint.get() : nullptr;
  const bool script =
      IsJavaScript(PlatformOf({}, event.platform));  // all built-in rules are theirs
  if (event.fingerprint.empty() && rules == nullptr && !script) return;
  const bool by_exception = decision_.ground == Ground::kStack || decision_.ground == Ground::kText;
  const ExceptionPart* main = by_exception ? decision_.MainPart() : nullptr;
  const ReadText& text = main != nullptr ? main->text : decision_.message;
  const std::string code = FirstCode(text);
  FingerprintFacts facts{event, nullptr, nullptr, code};
  facts.main = main != nullptr ? &event.exceptions[main->planned.index] : nullptr;
  facts.stack = main != nullptr ? &main->stack : &decision_.stack;
  MatchedEvent matched{event, {}};
  for (std::size_t i = 0; i < decision_.parts_used; ++i)
    matched.stacks.push_back(&decision_.parts[i]->stack);
  matched.stacks.push_back(&decision_.stack);
  decision_.fingerprint = ResolveFingerprint(facts, matched, rules);
  if (decision_.fingerprint.kind == FingerprintKind::kCustom) {
    decision_.decided_by = Ground::kCustom;
  }
}

}  // namespace mishap::g1
