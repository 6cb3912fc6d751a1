#include "grouping/g1/stack_rules.h"

#include <fmt/format.h>

#include <atomic>
#include <utility>

#include "grouping/g1/builtin_stack_rules.h"
#include "grouping/g1/chars.h"
#include "grouping/g1/rule_lexer.h"

namespace mishap::g1 {
namespace {

// Serials tell cached answers of one program from another's; they never reach a key.
std::uint64_t NextSerial() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

constexpr std::size_t kPairBits = 256;
constexpr std::size_t kPairSlots = 4 * kPairBits;  // by StackMatch of names

bool IsStatic(StackMatch what) {
  return what <= StackMatch::kFamily;
}

std::uint64_t MatchingCategories(const Glob& glob, const std::vector<std::string>& categories) {
  std::uint64_t bits = 0;
  for (std::size_t i = 1; i < categories.size(); ++i) {
    if (glob.Matches(categories[i])) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

void Prepare(StackRule& rule, const std::vector<std::string>& categories) {
  const auto categorise = [&](StackMatcher& matcher) {
    if (matcher.what == StackMatch::kCategory)
      matcher.categories = MatchingCategories(matcher.glob, categories);
  };
  if (rule.caller) categorise(*rule.caller);
  if (rule.callee) categorise(*rule.callee);
  for (StackMatcher& matcher : rule.own) {
    categorise(matcher);
    (IsStatic(matcher.what) ? rule.has_static : rule.has_dynamic) = true;
    if (matcher.what == StackMatch::kCategory && !matcher.negated) {
      rule.categories = matcher.categories;
    }
  }
}

bool MatchesPath(const Glob& glob, std::string_view slashed) {
  if (slashed.size() < 2) return false;  // only the slash put before it
  return glob.Matches(slashed.substr(1)) || (slashed[1] != '/' && glob.Matches(slashed));
}

}  // namespace

std::uint8_t FamilyBit(Platform platform) {
  if (platform == Platform::kNative) return 1;
  return IsJavaScript(platform) ? 2 : 4;
}

FrameLook::FrameLook(const FrameFacts& given) : facts(given) {
  const auto pairs_of = [this](StackMatch what) -> PairSet& {
    return pairs[static_cast<std::size_t>(what)];
  };
  pairs_of(StackMatch::kPath).Add(facts.path);
  pairs_of(StackMatch::kPath).Add(facts.filename);
  pairs_of(StackMatch::kPackage).Add(facts.package);
  pairs_of(StackMatch::kModule).Add(facts.module);
  pairs_of(StackMatch::kModule).Add(facts.raw_module);
  pairs_of(StackMatch::kFunction).Add(facts.function);
  pairs_of(StackMatch::kFunction).Add(facts.raw_function);
}

// Built-in rules see normalised names only: their keys must not change when an SDK spells a name
// another way. Rules of projects were written for what users see, which is the raw name.
bool StackProgram::HoldsFor(const StackMatcher& matcher, const FrameLook& look, bool raw_names) {
  const FrameFacts& f = look.facts;
  if (matcher.what == StackMatch::kFamily)
    return ((matcher.families & FamilyBit(f.platform)) != 0) != matcher.negated;
  bool holds = false;
  if (look.pairs[static_cast<std::size_t>(matcher.what)].Holds(matcher.glob.Needs())) {
    const Glob& glob = matcher.glob;
    if (matcher.what == StackMatch::kPath) {
      holds = MatchesPath(glob, f.path) || MatchesPath(glob, f.filename);
    } else if (matcher.what == StackMatch::kPackage) {
      holds = MatchesPath(glob, f.package);
    } else if (matcher.what == StackMatch::kModule) {
      holds = !f.module.empty() &&
              (glob.Matches(f.module) || (raw_names && glob.Matches(f.raw_module)));
    } else {
      holds = glob.Matches(f.function) ||
              (raw_names && !f.raw_function.empty() && glob.Matches(f.raw_function));
    }
  }
  return holds != matcher.negated;
}

void StackProgram::AddGate(const StackRule& rule) {
  Gate gate;
  gate.named = rule.has_static;
  for (const StackMatcher& matcher : rule.own) {
    if (!IsStatic(matcher.what) || matcher.negated) continue;
    if (matcher.what == StackMatch::kFamily) {
      gate.families &= matcher.families;
    } else {
      gate.what = matcher.what;
      gate.needs = matcher.glob.Needs();
    }
  }
  gates_.push_back(gate);
}

// Each rule stands under one pair of bytes that the text it looks at must hold, the pair that the
// fewest rules ask for: a frame is compared with the rules of its own pairs only.
void StackProgram::IndexGates() {
  std::vector<std::uint32_t> asked(kPairSlots);
  const auto slot_of = [](StackMatch what, std::size_t bit) {
    return static_cast<std::size_t>(what) * kPairBits + bit;
  };
  const auto each_pair = [](const PairSet& set, const auto& visit) {
    for (std::size_t w = 0; w < set.bits.size(); ++w) {
      for (std::uint64_t left = set.bits[w]; left != 0; left &= left - 1) {
        visit(w * 64 + static_cast<std::size_t>(__builtin_ctzll(left)));
      }
    }
  };
  for (const Gate& gate : gates_) {
    each_pair(gate.needs, [&](std::size_t bit) { ++asked[slot_of(gate.what, bit)]; });
  }
  std::vector<std::vector<std::uint16_t>> slots(kPairSlots);
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    if (!gates_[i].named) continue;
    std::size_t rarest = kPairSlots;
    each_pair(gates_[i].needs, [&](std::size_t bit) {
      const std::size_t slot = slot_of(gates_[i].what, bit);
      if (rarest == kPairSlots || asked[slot] < asked[rarest]) rarest = slot;
    });
    auto& list = rarest == kPairSlots ? gates_of_all_ : slots[rarest];
    list.push_back(static_cast<std::uint16_t>(i));
  }
  gates_from_.reserve(kPairSlots + 1);
  for (const auto& list : slots) {
    gates_from_.push_back(static_cast<std::uint32_t>(gates_by_pair_.size()));
    gates_by_pair_.insert(gates_by_pair_.end(), list.begin(), list.end());
  }
  gates_from_.push_back(static_cast<std::uint32_t>(gates_by_pair_.size()));
}

void StackProgram::JudgeGate(std::size_t number, std::uint8_t family, const FrameLook& look,
                             RuleBits& bits) const {
  const Gate& gate = gates_[number];
  if ((gate.families & family) == 0) return;
  if (!look.pairs[static_cast<std::size_t>(gate.what)].Holds(gate.needs)) return;
  for (const StackMatcher& matcher : rules_[number].own) {
    if (IsStatic(matcher.what) && !Holds(matcher, look)) return;
  }
  bits[number / 64] |= std::uint64_t{1} << (number % 64);
}

void StackProgram::Judge(const FrameLook& look, RuleBits& bits) const {
  bits.assign(Words(), 0);
  const std::uint8_t family = FamilyBit(look.facts.platform);
  for (std::uint16_t number : gates_of_all_) JudgeGate(number, family, look, bits);
  for (std::size_t what = 0; what < look.pairs.size(); ++what) {
    for (std::size_t w = 0; w < look.pairs[what].bits.size(); ++w) {
      for (std::uint64_t left = look.pairs[what].bits[w]; left != 0; left &= left - 1) {
        const std::size_t slot =
            what * kPairBits + w * 64 + static_cast<std::size_t>(__builtin_ctzll(left));
        for (std::uint32_t i = gates_from_[slot]; i < gates_from_[slot + 1]; ++i) {
          JudgeGate(gates_by_pair_[i], family, look, bits);
        }
      }
    }
  }
}

tl::expected<std::unique_ptr<StackProgram>, RuleError> StackProgram::Compile(
    std::string_view text, const StackProgram* base) {
  if (text.size() > kRuleTextBytesMax) {
    return tl::unexpected(RuleError{
        1, 1,
        fmt::format("the rules have {} bytes, the limit is {}", text.size(), kRuleTextBytesMax)});
  }
  auto program = std::make_unique<StackProgram>();
  program->built_in_ = base == nullptr;
  program->serial_ = NextSerial();
  program->categories_ =
      base != nullptr ? base->categories_ : std::vector<std::string>{std::string()};
  std::optional<RuleError> failure;
  ForEachRuleLine(text, [&](std::string_view line, std::uint32_t number) {
    if (failure) return;
    RuleLexer lexer(line, number);
    std::vector<std::string> warnings;
    auto rule = ParseStackRule(lexer, program->categories_, warnings);
    if (rule && program->rules_.size() == kRulesMax) {
      lexer.Fail(fmt::format("more than {} rules", kRulesMax), 0);
      rule.reset();
    }
    if (!rule) {
      failure = lexer.Failure();
      return;
    }
    for (const std::string& w : warnings)
      program->warnings_.push_back(fmt::format("line {}: {}", number, w));
    lexer.AtEnd();
    rule->text = Trim(line.substr(0, lexer.At()));
    rule->number = static_cast<std::uint32_t>(program->rules_.size() + 1);
    program->rules_.push_back(std::move(*rule));
  });
  if (failure) return tl::unexpected(*failure);
  program->without_names_.assign(program->Words(), 0);
  for (StackRule& rule : program->rules_) {
    Prepare(rule, program->categories_);
    program->AddGate(rule);
    const std::size_t at = rule.number - 1;
    if (!rule.has_static) program->without_names_[at / 64] |= std::uint64_t{1} << (at % 64);
  }
  program->IndexGates();
  return program;
}

const StackProgram& BuiltInStackRules() {
  static const std::unique_ptr<StackProgram> kProgram = [] {
    auto compiled = StackProgram::Compile(kBuiltInStackRules, nullptr);
    if (!compiled) {  // a test reads the file first: this is a broken build
      fmt::print(stderr, "built-in stack trace rules, line {}, column {}: {}\n",
                 compiled.error().line, compiled.error().column, compiled.error().message);
      std::abort();
    }
    return std::move(*compiled);
  }();
  return *kProgram;
}

}  // namespace mishap::g1
