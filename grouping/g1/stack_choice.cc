#include "grouping/g1/stack_choice.h"

#include <algorithm>

#include "grouping/g1/exception_type.h"
#include "grouping/g1/keys.h"

namespace mishap::g1 {
namespace {

bool SaysNothing(const NormalFrame& f) {
  if (f.page) return true;
  return IsJavaScript(f.platform) && !f.has_function && !f.mapped && f.signature.empty();
}

// Native stacks are left alone: what of a system lies where differs, and categories look through
// it.
bool IsPresumedApp(const ChosenFrame& f) {
  return f.app_rule.rule == nullptr && f.frame->platform != Platform::kNative;
}

bool IsFlagged(const ChosenFrame& f) {
  return f.flagged && f.frame->platform != Platform::kNative;
}
bool FlagsTellApart(const StackChoice& choice) {
  const auto flagged = [](const ChosenFrame& f) { return f.flagged; };
  return !std::all_of(choice.frames.begin(), choice.frames.end(), flagged);
}

bool Belongs(const ChosenFrame& f, StackMode mode) {
  switch (mode) {
    case StackMode::kApp:
      return f.in_app;
    case StackMode::kFlagged:
      return IsFlagged(f);
    case StackMode::kPresumed:
      return IsPresumedApp(f);
    default:
      return true;
  }
}

// Says no more than its file: the text has to say the rest.
bool IsFileOnly(const NormalFrame& f) {
  return f.minified ||
         (IsJavaScript(f.platform) && !f.has_function && !f.mapped && f.signature.empty());
}

FrameUse FirstJudgement(const ChosenFrame& chosen) {
  const NormalFrame& f = *chosen.frame;
  if (f.silent) return FrameUse::kSilent;
  if (!chosen.grouped) return FrameUse::kExcluded;
  if (chosen.key.empty()) return FrameUse::kNoKey;
  return FrameUse::kUsed;
}

std::uint8_t CategoryNamed(std::string_view name) {
  const auto& names = BuiltInStackRules().Categories();
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? 0xFF : static_cast<std::uint8_t>(at - names.begin());
}
std::uint8_t DriverCategory() {
  static const std::uint8_t kNumber = CategoryNamed("driver");
  return kNumber;
}
std::uint8_t ThrowCategory() {
  static const std::uint8_t kNumber = CategoryNamed("throw");
  return kNumber;
}

}  // namespace

std::string_view StackModeName(StackMode mode) {
  switch (mode) {
    case StackMode::kNone:
      return "none";
    case StackMode::kApp:
      return "app";
    case StackMode::kFlagged:
      return "app as flagged";
    case StackMode::kPresumed:
      return "presumed app";
    case StackMode::kSystem:
      return "system";
    case StackMode::kMinified:
      return "minified";
    case StackMode::kOverflow:
      return "overflow";
    case StackMode::kWeak:
      return "weak";
  }
  return "none";
}

void StackChoice::Clear() {
  mode = StackMode::kNone;
  source = nullptr;
  frames.clear();
  keys.clear();
  statement = site = {};
  crash = nullptr;
  crash_index = 0;
  settings = {};
  thrown.clear();
}

void StackChoice::Discard() {
  keys.clear();
  for (ChosenFrame& f : frames) {
    if (f.use == FrameUse::kUsed) f.use = FrameUse::kNotNeeded;
  }
}

void FrameChooser::Read(const Stacktrace& stack, std::string_view platform,
                        const Exception* exception, StackChoice& choice) {
  const std::size_t count = stack.frames.size();
  const bool long_stack = count > kFramesFirst + kFramesLast;
  ruled_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if (long_stack && i == kFramesFirst) i = count - kFramesLast;
    const std::size_t sent = newest_first_ ? count - 1 - i : i;
    const Frame& frame = stack.frames[sent];
    RuledFrame ruled;
    ruled.frame = &memo_.Normalize(frame, platform, project_);
    ruled.in_app = frame.in_app.value_or(false);
    ruled_.push_back(ruled);
    ChosenFrame& chosen = choice.frames.emplace_back();
    chosen.index = static_cast<std::uint32_t>(sent);
    chosen.flagged = ruled.in_app;
  }
  run_.Apply(BuiltInStackRules(), exception, ruled_, choice.settings);
  if (project_ != nullptr) run_.Apply(*project_, exception, ruled_, choice.settings);
  const std::uint8_t driver = DriverCategory();
  for (std::size_t i = 0; i < ruled_.size(); ++i) {
    ChosenFrame& chosen = choice.frames[i];
    static_cast<RuledFrame&>(chosen) = ruled_[i];
    chosen.key = chosen.frame->key;
    chosen.key_hash = chosen.frame->key_hash;
    if (chosen.category == driver && !chosen.frame->package.empty()) {
      chosen.key = chosen.frame->package;  // symbols of drivers are noise
      chosen.key_hash = HashText(chosen.key);
    }
    chosen.use = FirstJudgement(chosen);
  }
}

bool FrameChooser::Pick(StackChoice& choice) {
  used_.clear();
  const auto take = [&](StackMode mode, const auto& wanted) {
    choice.mode = mode;
    used_.clear();
    for (std::uint32_t i = 0; i < choice.frames.size(); ++i) {
      const ChosenFrame& f = choice.frames[i];
      if (f.use == FrameUse::kUsed && wanted(f)) used_.push_back(i);
    }
  };
  const auto too_few = [&] { return used_.empty() || used_.size() < choice.settings.frames_min; };
  take(StackMode::kApp, [](const ChosenFrame& f) { return f.in_app; });
  // Rules call all of it a library, but somebody told the SDK otherwise: an application that is
  // installed like one. Where every frame is flagged nobody did.
  if (too_few() && choice.mode == StackMode::kApp && FlagsTellApart(choice)) {
    take(StackMode::kFlagged, IsFlagged);
  }
  // Nobody told the SDK what is ours: then it is what no rule calls a library.
  if (too_few()) take(StackMode::kPresumed, IsPresumedApp);
  if (too_few()) take(StackMode::kSystem, [](const ChosenFrame&) { return true; });
  if (used_.size() < choice.settings.frames_min) {
    used_.clear();
    for (ChosenFrame& f : choice.frames) {
      if (f.use == FrameUse::kUsed) f.use = FrameUse::kTooFew;
    }
  }
  const bool nothing = std::all_of(used_.begin(), used_.end(), [&](std::uint32_t i) {
    return SaysNothing(*choice.frames[i].frame);
  });
  for (ChosenFrame& f : choice.frames) {
    if (f.use != FrameUse::kUsed) continue;
    if (nothing) {
      f.use = FrameUse::kSaysNothing;
    } else if (!Belongs(f, choice.mode)) {
      f.use = f.app_rule.rule != nullptr ? FrameUse::kLibrary : FrameUse::kNotInApp;
    }
  }
  return !nothing;  // an empty choice says nothing either
}

void FrameChooser::Weak(StackChoice& choice) {
  choice.mode = StackMode::kNone;
  for (std::size_t i = choice.frames.size(); i-- > 0;) {
    ChosenFrame& f = choice.frames[i];
    // What rules exclude (a runtime's own frames) differs between versions: no help either.
    if (f.frame->silent || f.key.empty() || f.use == FrameUse::kExcluded) continue;
    if (choice.keys.size() == kWeakFrames) {
      if (f.use == FrameUse::kSaysNothing) f.use = FrameUse::kNotNeeded;
      continue;
    }
    choice.mode = StackMode::kWeak;
    choice.keys.push_back(f.key);
    f.use = FrameUse::kUsed;
  }
  std::reverse(choice.keys.begin(), choice.keys.end());
}

// A native stack that recursion filled: an access violation at its end is an overflow, though
// nothing in the event says so.
bool FrameChooser::IsRunaway(const StackChoice& choice) {
  if (used_.size() < kRunawayFrames ||
      choice.frames[used_.back()].frame->platform != Platform::kNative) {
    return false;
  }
  items_.clear();
  for (std::uint32_t i : used_) {
    items_.push_back({choice.frames[i].key_hash, choice.frames[i].key, i});
  }
  Collapse(items_, [](std::uint32_t, std::uint32_t) {});
  return items_.size() * 8 <= used_.size();
}

// The cycle is the set of frames that occur more than once: how it was entered and where it ended
// do not matter.
void FrameChooser::Overflow(StackChoice& choice) {
  items_.clear();
  for (std::uint32_t i : used_) {
    items_.push_back({choice.frames[i].key_hash, choice.frames[i].key, i});
  }
  std::sort(items_.begin(), items_.end(), [](const CollapseItem& a, const CollapseItem& b) {
    return a.key != b.key ? a.key < b.key : a.position < b.position;
  });
  const auto differs = [&](std::size_t a, std::size_t b) { return items_[a].key != items_[b].key; };
  bool any_twice = false;
  for (std::size_t i = 1; i < items_.size() && !any_twice; ++i) any_twice = !differs(i - 1, i);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    ChosenFrame& f = choice.frames[items_[i].position];
    const bool first = i == 0 || differs(i - 1, i);
    const bool twice = !first || (i + 1 < items_.size() && !differs(i, i + 1));
    if (any_twice && !twice) {
      f.use = FrameUse::kOutsideCycle;
    } else if (first) {
      choice.keys.push_back(items_[i].key);
    } else {
      f.use = FrameUse::kRepeat;
      f.same_as = choice.frames[items_[i - 1].position].index;
    }
  }
  choice.mode = StackMode::kOverflow;
  choice.site = choice.frames[Crash(choice)].key;
}

void FrameChooser::Minified(StackChoice& choice, std::size_t frames_max) {
  choice.mode = StackMode::kMinified;
  items_.clear();
  for (std::uint32_t i : used_) {
    ChosenFrame& f = choice.frames[i];
    if (!f.frame->minified) {  // a frame of another file among minified ones: no more than its file
      f.key = f.frame->file;
      f.key_hash = HashText(f.key);
    }
    if (f.key.empty()) {
      f.use = FrameUse::kNoKey;
    } else {
      items_.push_back({f.key_hash, f.key, i});
    }
  }
  choice.site = choice.frames[Crash(choice)].key;
  Nearest(choice, std::min(kMinifiedFiles, frames_max));
}

// The used frame nearest the crash; nearest the base in a snapshot that is read from there.
std::uint32_t FrameChooser::Crash(const StackChoice& choice) const {
  return choice.settings.inverted ? used_.front() : used_.back();
}

// Collapses items_ and keeps the `frames_max` of them nearest the crash as keys.
void FrameChooser::Nearest(StackChoice& choice, std::size_t frames_max) {
  Collapse(items_, [&](std::uint32_t position, std::uint32_t same_as) {
    choice.frames[position].use = FrameUse::kRepeat;
    choice.frames[position].same_as = choice.frames[same_as].index;
  });
  const std::size_t beyond = items_.size() > frames_max ? items_.size() - frames_max : 0;
  const std::size_t from = choice.settings.inverted ? 0 : beyond;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i >= from && i < from + frames_max) {
      choice.keys.push_back(items_[i].key);
      continue;
    }
    choice.frames[items_[i].position].use = FrameUse::kBeyondLimit;
    choice.frames[items_[i].position].total = static_cast<std::uint32_t>(frames_max);
  }
}

// A stripped native stack still tells "terminate" from "segfault" (spec 8.7).
void FrameChooser::Thrown(StackChoice& choice) {
  for (std::size_t i = used_.back() + 1; i < choice.frames.size(); ++i) {
    const ChosenFrame& f = choice.frames[i];
    if (f.category != ThrowCategory() || f.frame->platform != Platform::kNative) continue;
    choice.thrown.push_back('!');
    choice.thrown.append(f.frame->function);
    choice.keys.push_back(choice.thrown);
    return;
  }
}

void FrameChooser::Choose(const Stacktrace& stack, std::string_view platform,
                          const Exception* exception, std::size_t frames_max, StackChoice& choice) {
  choice.Clear();
  choice.source = &stack;
  if (stack.frames.empty()) return;
  Read(stack, platform, exception, choice);
  if (!Pick(choice)) {
    Weak(choice);
    return;
  }
  std::size_t minified = 0;
  for (std::uint32_t i : used_) minified += IsFileOnly(*choice.frames[i].frame) ? 1U : 0U;
  if (minified * 2 > used_.size()) {
    Minified(choice, frames_max);
    return;
  }
  if (exception != nullptr && (IsStackOverflow(*exception) || IsRunaway(choice))) {
    Overflow(choice);
    return;
  }
  items_.clear();
  for (std::uint32_t i : used_) {
    items_.push_back({choice.frames[i].key_hash, choice.frames[i].key, i});
  }
  if (choice.mode == StackMode::kSystem && frames_max != kSiteOnly)
    frames_max = std::max(frames_max, kSystemFrames);
  if (choice.settings.frames_max != 0) frames_max = choice.settings.frames_max;
  const ChosenFrame& at_crash = choice.frames[Crash(choice)];
  const NormalFrame& crash = *at_crash.frame;
  choice.crash = &crash;
  choice.crash_index = at_crash.index;
  choice.site = at_crash.key;
  const bool in_key = IsJavaScript(crash.platform) && (crash.mapped || crash.minified);
  if (!in_key) choice.statement = crash.signature;
  Nearest(choice, frames_max);
  if (choice.mode == StackMode::kSystem) Thrown(choice);
}

}  // namespace mishap::g1
