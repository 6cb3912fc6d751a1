#include "grouping/g1/stack_choice.h"

#include <algorithm>

#include "grouping/g1/keys.h"

namespace mishap::g1 {
namespace {

bool SaysNothing(const NormalFrame& f) {
  if (f.page) return true;
  return IsJavaScript(f.platform) && !f.has_function && !f.mapped && f.signature.empty();
}

FrameUse FirstJudgement(const ChosenFrame& chosen) {
  const NormalFrame& f = *chosen.frame;
  if (f.silent) return FrameUse::kSilent;
  if (f.verdict.excluded) return FrameUse::kExcluded;
  if (f.key.empty()) return FrameUse::kNoKey;
  return FrameUse::kUsed;
}

}  // namespace

std::string_view StackModeName(StackMode mode) {
  switch (mode) {
    case StackMode::kNone:
      return "none";
    case StackMode::kApp:
      return "app";
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
}

void StackChoice::Discard() {
  keys.clear();
  for (ChosenFrame& f : frames) {
    if (f.use == FrameUse::kUsed) f.use = FrameUse::kNotNeeded;
  }
}

void FrameChooser::Read(const Stacktrace& stack, std::string_view platform, StackChoice& choice) {
  const std::size_t count = stack.frames.size();
  const bool long_stack = count > kFramesFirst + kFramesLast;
  for (std::size_t i = 0; i < count; ++i) {
    if (long_stack && i == kFramesFirst) i = count - kFramesLast;
    const Frame& frame = stack.frames[i];
    ChosenFrame chosen;
    chosen.frame = &memo_.Normalize(frame, platform);
    chosen.index = static_cast<std::uint32_t>(i);
    chosen.in_app = !chosen.frame->verdict.library && frame.in_app.value_or(false);
    chosen.use = FirstJudgement(chosen);
    choice.frames.push_back(chosen);
  }
}

bool FrameChooser::Pick(StackChoice& choice) {
  used_.clear();
  const auto take = [&](bool app_only) {
    for (std::uint32_t i = 0; i < choice.frames.size(); ++i) {
      const ChosenFrame& f = choice.frames[i];
      if (f.use == FrameUse::kUsed && (f.in_app || !app_only)) used_.push_back(i);
    }
  };
  take(true);
  choice.mode = StackMode::kApp;
  if (used_.empty()) {
    take(false);
    choice.mode = StackMode::kSystem;
  }
  const bool nothing = std::all_of(used_.begin(), used_.end(), [&](std::uint32_t i) {
    return SaysNothing(*choice.frames[i].frame);
  });
  for (ChosenFrame& f : choice.frames) {
    if (f.use != FrameUse::kUsed) continue;
    if (nothing) {
      f.use = FrameUse::kSaysNothing;
    } else if (choice.mode == StackMode::kApp && !f.in_app) {
      f.use = f.frame->verdict.library ? FrameUse::kLibrary : FrameUse::kNotInApp;
    }
  }
  return !nothing;  // an empty choice says nothing either
}

void FrameChooser::Weak(StackChoice& choice) {
  choice.mode = StackMode::kNone;
  for (std::size_t i = choice.frames.size(); i-- > 0;) {
    ChosenFrame& f = choice.frames[i];
    if (f.frame->silent || f.frame->key.empty()) continue;
    if (choice.keys.size() == kWeakFrames) {
      if (f.use == FrameUse::kSaysNothing) f.use = FrameUse::kNotNeeded;
      continue;
    }
    choice.mode = StackMode::kWeak;
    choice.keys.push_back(f.frame->key);
    f.use = FrameUse::kUsed;
  }
  std::reverse(choice.keys.begin(), choice.keys.end());
}

// The cycle is the set of frames that occur more than once: how it was entered and where it ended
// do not matter.
void FrameChooser::Overflow(StackChoice& choice) {
  items_.clear();
  for (std::uint32_t i : used_) {
    items_.push_back({choice.frames[i].frame->key_hash, choice.frames[i].frame->key, i});
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
  choice.site = choice.frames[used_.back()].frame->key;
}

void FrameChooser::Minified(StackChoice& choice, std::size_t frames_max) {
  choice.mode = StackMode::kMinified;
  choice.site = choice.frames[used_.back()].frame->file;
  items_.clear();
  for (std::uint32_t i : used_) {
    const std::string_view file = choice.frames[i].frame->file;
    if (file.empty()) {
      choice.frames[i].use = FrameUse::kNoKey;
    } else {
      items_.push_back({HashText(file), file, i});
    }
  }
  Nearest(choice, std::min(kMinifiedFiles, frames_max));
}

// Collapses items_ and keeps the last `frames_max` of them as keys.
void FrameChooser::Nearest(StackChoice& choice, std::size_t frames_max) {
  Collapse(items_, [&](std::uint32_t position, std::uint32_t same_as) {
    choice.frames[position].use = FrameUse::kRepeat;
    choice.frames[position].same_as = choice.frames[same_as].index;
  });
  const std::size_t beyond = items_.size() > frames_max ? items_.size() - frames_max : 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i >= beyond) {
      choice.keys.push_back(items_[i].key);
      continue;
    }
    choice.frames[items_[i].position].use = FrameUse::kBeyondLimit;
    choice.frames[items_[i].position].total = static_cast<std::uint32_t>(frames_max);
  }
}

void FrameChooser::Choose(const Stacktrace& stack, std::string_view platform, bool overflow,
                          std::size_t frames_max, StackChoice& choice) {
  choice.Clear();
  choice.source = &stack;
  if (stack.frames.empty()) return;
  Read(stack, platform, choice);
  if (!Pick(choice)) {
    Weak(choice);
    return;
  }
  std::size_t minified = 0;
  for (std::uint32_t i : used_) minified += choice.frames[i].frame->minified ? 1U : 0U;
  if (minified * 2 > used_.size()) {
    Minified(choice, frames_max);
    return;
  }
  if (overflow) {
    Overflow(choice);
    return;
  }
  items_.clear();
  for (std::uint32_t i : used_) {
    items_.push_back({choice.frames[i].frame->key_hash, choice.frames[i].frame->key, i});
  }
  if (choice.mode == StackMode::kSystem && frames_max != kSiteOnly)
    frames_max = std::max(frames_max, kSystemFrames);
  const NormalFrame& crash = *choice.frames[used_.back()].frame;
  choice.site = crash.key;
  const bool in_key = IsJavaScript(crash.platform) && (crash.mapped || crash.minified);
  if (!in_key) choice.statement = crash.signature;
  Nearest(choice, frames_max);
}

}  // namespace mishap::g1
