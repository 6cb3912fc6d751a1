#include "grouping/g1/explain_stack.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kRawBytesMax = 200;

// "run (app/worker.py:20)"
std::string RawFrame(const Frame& frame) {
  const std::string& function = frame.function.empty() ? frame.raw_function : frame.function;
  const std::string& place = !frame.filename.empty()   ? frame.filename
                             : !frame.abs_path.empty() ? frame.abs_path
                                                       : frame.module;
  std::string raw(Utf8Prefix(function.empty() ? "?" : function, kRawBytesMax));
  if (place.empty()) return raw;
  raw += fmt::format(" ({}", Utf8Prefix(place, kRawBytesMax));
  if (frame.lineno) raw += fmt::format(":{}", *frame.lineno);
  return raw + ")";
}

std::string Why(const StackChoice& stack, const ChosenFrame& f) {
  switch (f.use) {
    case FrameUse::kUsed:
      return {};
    case FrameUse::kExcluded:
      return RuleReason(f.group_rule, f);
    case FrameUse::kLibrary:
      return RuleReason(f.app_rule, f);
    case FrameUse::kSilent:
      return "native code, eval or a document without a function";
    case FrameUse::kNoKey:
      return "neither function nor file nor module";
    case FrameUse::kNotInApp:
      return "not in-app, says the SDK";
    case FrameUse::kRepeat:
      return fmt::format("recursion, same as {}", f.same_as);
    case FrameUse::kBeyondLimit:
      return fmt::format("beyond the {} frames nearest the {}", f.total,
                         stack.settings.inverted ? "base" : "crash");
    case FrameUse::kOutsideCycle:
      return "stack overflow: not in the cycle";
    case FrameUse::kSaysNothing:
      return "a document or a nameless function";
    case FrameUse::kTooFew:
      return fmt::format("a rule asks for at least {} frames", stack.settings.frames_min);
    case FrameUse::kNotNeeded:
      return "weak stack: says too little";
  }
  return {};
}

// Frames between two that stand side by side in the choice were left out.
void WriteGap(std::pair<std::uint32_t, std::uint32_t> ends, JsonWriter& json) {
  if (ends.second - ends.first < 2) return;
  json.BeginObject().Field("id", "frames").Field("from", std::int64_t{ends.first} + 1);
  json.Field("to", std::int64_t{ends.second} - 1).Field("contributes", false);
  json.Field("why", "in the middle of a very long stack").EndObject();
}

}  // namespace

void WriteStack(const StackChoice& stack, std::string_view id, JsonWriter& json) {
  json.BeginObject().Field("id", id).Field("mode", StackModeName(stack.mode));
  const bool contributes = !stack.keys.empty();
  json.Field("contributes", contributes);
  if (!contributes) {
    json.Field("why", stack.source == nullptr ? "no stack trace" : "no frame says anything");
  }
  json.Key("children").BeginArray();
  const ChosenFrame* before = nullptr;
  for (const ChosenFrame& f : stack.frames) {
    if (before != nullptr) WriteGap(std::minmax(before->index, f.index), json);
    before = &f;
    json.BeginObject().Field("id", "frame").Field("index", static_cast<std::int64_t>(f.index));
    json.Field("raw", RawFrame(stack.source->frames[f.index]));
    if (!f.key.empty()) json.Field("key", f.key);
    json.Field("contributes", f.use == FrameUse::kUsed);
    if (f.use != FrameUse::kUsed) json.Field("why", Why(stack, f));
    json.EndObject();
  }
  if (!stack.thrown.empty()) {
    json.BeginObject().Field("id", "thrown").Field("value", stack.thrown);
    json.Field("contributes", true).EndObject();
  }
  json.EndArray();
  if (stack.settings.rule.rule != nullptr)
    json.Field("limits", RuleReason(stack.settings.rule, RuledFrame{}));
  json.EndObject();
}

}  // namespace mishap::g1
