// Which frames of a stack count (spec 8): those of the user's code nearest the crash, each repeat
// once; if there are none, all that may contribute; if none of those says anything, a weak choice
// that only helps a text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/collapse.h"
#include "grouping/g1/frame.h"
#include "grouping/g1/stack_rule_run.h"

namespace mishap::g1 {

// Constants of the algorithm: changing one is a new algorithm.
inline constexpr std::size_t kOuterFrames = 6;
inline constexpr std::size_t kRootFrames = 3;
inline constexpr std::size_t kSiteOnly = 1;  // messages: also when no frame is in-app
inline constexpr std::size_t kNoLimit = 1 << 20;
inline constexpr std::size_t kSystemFrames = 12;
inline constexpr std::size_t kWeakFrames = 3;
inline constexpr std::size_t kMinifiedFiles = 3;
inline constexpr std::size_t kRunawayFrames = 128;  // native: recursion this deep is an overflow
inline constexpr std::size_t kFramesFirst = 32;     // of a longer stack: the first 32
inline constexpr std::size_t kFramesLast = 256;     // and the last 256

enum class StackMode : std::uint8_t {
  kNone,
  kApp,
  kFlagged,
  kPresumed,
  kSystem,
  kMinified,
  kOverflow,
  kWeak
};
std::string_view StackModeName(StackMode mode);

enum class FrameUse : std::uint8_t {
  kUsed,
  kExcluded,      // a rule says so
  kSilent,        // native code, eval, a nameless place in a document
  kNoKey,         // nothing names it
  kLibrary,       // a rule: not in-app
  kNotInApp,      // the SDK: not in-app
  kRepeat,        // recursion
  kBeyondLimit,   // too far from the crash
  kOutsideCycle,  // of a stack overflow
  kSaysNothing,   // the whole stack is documents or nameless
  kNotNeeded,     // weak: only the last three are looked at
  kTooFew,        // a rule asks for more frames than count
};

struct ChosenFrame : RuledFrame {
  std::string_view key;  // of the frame; of its package for drivers
  std::uint64_t key_hash = 0;
  std::uint32_t index = 0;  // in the stack as sent
  FrameUse use = FrameUse::kUsed;
  bool flagged = false;       // in-app, says the SDK; rules may say otherwise
  std::uint32_t same_as = 0;  // kRepeat: index of the frame it repeats
  std::uint32_t total = 0;    // kBeyondLimit: how many count
};

struct StackChoice {
  StackMode mode = StackMode::kNone;
  const Stacktrace* source = nullptr;
  std::vector<ChosenFrame> frames;     // all that were looked at, oldest first
  std::vector<std::string_view> keys;  // what counts, in order; the weak keys in weak mode
  std::string_view statement;          // of the crash frame; empty when it must not count
  std::string_view site;               // key of the crash frame; empty in weak mode
  const NormalFrame* crash = nullptr;  // the crash frame; null: none, or its place is chance
  std::uint32_t crash_index = 0;       // in the stack as sent
  StackSettings settings;              // what rules say of the whole stack
  std::string thrown;  // native without in-app frames: "!abort", the last of keys; or empty

  bool Usable() const { return mode != StackMode::kNone && mode != StackMode::kWeak; }
  void Clear();
  void Discard();  // a weak choice that does not even help a text
};

// Chooses frames of stacks; keeps its buffers between calls.
class FrameChooser {
 public:
  explicit FrameChooser(FrameMemo& memo) : memo_(memo) {}

  // Rules of the event's project; null: none. Until the next call.
  // newest_first: the client sends the crash frame first.
  void UseRules(const StackProgram* project, bool newest_first) {
    project_ = project;
    newest_first_ = newest_first;
  }
  // frames_max: kOuterFrames, kRootFrames or kSiteOnly. exception: that owns the stack; null: none.
  void Choose(const Stacktrace& stack, std::string_view platform, const Exception* exception,
              std::size_t frames_max, StackChoice& choice);

 private:
  void Read(const Stacktrace& stack, std::string_view platform, const Exception* exception,
            StackChoice& choice);
  bool Pick(StackChoice& choice);  // fills used_; false: nothing says anything
  void Weak(StackChoice& choice);
  void Overflow(StackChoice& choice);
  void Minified(StackChoice& choice, std::size_t frames_max);
  void Nearest(StackChoice& choice, std::size_t frames_max);

  bool IsRunaway(const StackChoice& choice);
  void Thrown(StackChoice& choice);
  std::uint32_t Crash(const StackChoice& choice) const;

  FrameMemo& memo_;
  const StackProgram* project_ = nullptr;
  bool newest_first_ = false;
  StackRuleRun run_;
  std::vector<RuledFrame> ruled_;
  std::vector<std::uint32_t> used_;  // positions in choice.frames
  std::vector<CollapseItem> items_;
};

}  // namespace mishap::g1
