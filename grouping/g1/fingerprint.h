// The client's fingerprint (spec 12.1 to 12.3): a list that replaces the default content, or joins
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/fingerprint_rules.h"
#include "grouping/g1/stack_choice.h"

namespace mishap::g1 {

inline constexpr std::size_t kFingerprintEntriesMax = 64;
inline constexpr std::size_t kFingerprintEntryBytesMax = 1024;

enum class FingerprintKind : std::uint8_t { kDefault, kCustom, kHybrid };

struct FingerprintEntry {
  bool is_default = false;  // {{ default }}: the default content stands here
  std::string value;        // resolved
};

struct Fingerprint {
  FingerprintKind kind = FingerprintKind::kDefault;
  std::vector<FingerprintEntry> entries;
  const FingerprintRule* rule = nullptr;  // that decided, titled or split; null: none
  std::string title;                      // resolved
};

// What variables are filled from.
struct FingerprintFacts {
  const Event& event;
  const Exception* main = nullptr;     // null: no exception
  const StackChoice* stack = nullptr;  // of the main exception, message or thread; null: none
  std::string_view code;               // first error code kept in the text; may be empty
};

// rules: of the project; null: none. Spec 12.1: project rule, client, built-in rule, default.
Fingerprint ResolveFingerprint(const FingerprintFacts& facts, const MatchedEvent& matched,
                               const FingerprintProgram* rules);

}  // namespace mishap::g1
