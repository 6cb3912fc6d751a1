// Stack trace rules (spec 7): what a rule is and how a text becomes a program. Parsed once; then
// shared by all threads, for it never changes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "grouping/g1/glob.h"
#include "grouping/g1/platform.h"
#include "grouping/grouping.h"

namespace mishap::g1 {

inline constexpr std::size_t kRulesMax = 4096;            // of one text
inline constexpr std::size_t kRuleTextBytesMax = 262144;  // of one text
inline constexpr std::size_t kCategoriesMax = 63;         // distinct names, built-in ones included

// What a matcher looks at. The first four never change for a frame; they are answered once and
// cached.
enum class StackMatch : std::uint8_t {
  kPath,
  kModule,
  kPackage,
  kFunction,
  kFamily,
  kApp,
  kCategory,
  kType,
  kValue,
  kMechanism,
};

struct StackMatcher {
  StackMatch what = StackMatch::kFunction;
  bool negated = false;
  Glob glob;
  std::uint8_t families = 0;     // kFamily: bits of FamilyBit()
  bool app = false;              // kApp
  std::uint64_t categories = 0;  // kCategory: bit n for category n; bit 0: none
};

std::uint8_t FamilyBit(Platform platform);  // 1 native, 2 javascript, 4 other

enum class StackActionKind : std::uint8_t {
  kApp,
  kGroup,
  kCategory,
  kMaxFrames,
  kMinFrames,
  kInvert
};
enum class StackActionRange : std::uint8_t { kHere, kUp, kDown };

struct StackAction {
  StackActionKind kind = StackActionKind::kApp;
  StackActionRange range = StackActionRange::kHere;
  bool on = false;           // kApp, kGroup, kInvert
  std::uint32_t number = 0;  // frames, or the category
};

struct StackRule {
  std::vector<StackMatcher> own;    // of the frame
  std::vector<StackMatcher> error;  // of the exception that has the stack
  std::optional<StackMatcher> caller;
  std::optional<StackMatcher> callee;
  std::vector<StackAction> actions;
  std::string text;          // as written, without blanks around it
  std::uint32_t number = 0;  // from 1, in its text
  // Prepared: what a frame must have for the rule to be looked at.
  bool has_static = false;       // some of `own` is answered by the cache
  bool has_dynamic = false;      // some is not
  std::uint64_t categories = 0;  // own positive category matcher; 0: none
};

// What rules see of a frame. Views of the frame memo.
struct FrameFacts {
  std::string_view path;      // slashed, lower case; each also tried behind a slash
  std::string_view filename;  // the same
  std::string_view package;   // the same
  std::string_view module;
  std::string_view raw_module;
  std::string_view function;  // "<unknown>" if it has none
  std::string_view raw_function;
  Platform platform = Platform::kOther;
};

// Facts with the pairs their texts hold.
struct FrameLook {
  explicit FrameLook(const FrameFacts& facts);
  FrameFacts facts;
  std::array<PairSet, 4> pairs;  // by StackMatch
};

using RuleBits = std::vector<std::uint64_t>;

class StackProgram {
 public:
  // base: the built-in program, whose categories the text may use; null for the built-in itself.
  static tl::expected<std::unique_ptr<StackProgram>, RuleError> Compile(std::string_view text,
                                                                        const StackProgram* base);

  const std::vector<StackRule>& Rules() const { return rules_; }
  const std::vector<std::string>& Warnings() const { return warnings_; }
  // Of category names: index 0 is "no category".
  const std::vector<std::string>& Categories() const { return categories_; }
  bool BuiltIn() const { return built_in_; }
  std::uint64_t Serial() const { return serial_; }  // no two programs of a process share one
  // Bit n: all cached matchers of rule n's `own` hold for the frame.
  void Judge(const FrameLook& look, RuleBits& bits) const;
  // One matcher on one frame; only for the cached kinds and the family.
  bool Holds(const StackMatcher& matcher, const FrameLook& look) const {
    return HoldsFor(matcher, look, !built_in_);
  }
  // raw_names: also try names as the SDK sent them.
  static bool HoldsFor(const StackMatcher& matcher, const FrameLook& look, bool raw_names);
  // Rules that look at no name of the frame itself: they may hit any frame.
  const RuleBits& WithoutNames() const { return without_names_; }
  std::size_t Words() const { return (rules_.size() + 63) / 64; }

 private:
  void AddGate(const StackRule& rule);
  void IndexGates();
  void JudgeGate(std::size_t number, std::uint8_t family, const FrameLook& look,
                 RuleBits& bits) const;

  std::vector<StackRule> rules_;
  std::vector<std::string> warnings_;
  std::vector<std::string> categories_;
  bool built_in_ = false;
  // What of a rule spares most comparisons, all in one row: its families, and the pairs that one of
  // its patterns needs.
  struct Gate {
    PairSet needs;
    std::uint8_t families = 7;
    StackMatch what = StackMatch::kFunction;
    bool named = false;  // the rule has cached matchers
  };
  std::vector<Gate> gates_;
  // Gates by a pair that each needs, one list behind the other; where each list begins; those that
  // need no pair.
  std::vector<std::uint16_t> gates_by_pair_;
  std::vector<std::uint32_t> gates_from_;
  std::vector<std::uint16_t> gates_of_all_;
  RuleBits without_names_;
  std::uint64_t serial_ = 0;
};

// The rules of builtin_stack_rules.txt.
const StackProgram& BuiltInStackRules();

// One line of rule text; categories grows by the names it sets. Null: see lexer.Failure().
class RuleLexer;
std::optional<StackRule> ParseStackRule(RuleLexer& lexer, std::vector<std::string>& categories,
                                        std::vector<std::string>& warnings);

}  // namespace mishap::g1
