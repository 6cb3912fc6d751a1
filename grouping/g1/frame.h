// A frame as grouping sees it: its normalised parts and the key they make (spec 6).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/platform.h"
#include "grouping/g1/stack_rules.h"

namespace mishap::g1 {

// Views point into the memo that made the frame and live until its next BeginEvent().
struct NormalFrame {
  std::string_view function;   // normalised; empty or a placeholder when !has_function
  std::string_view module;     // normalised
  std::string_view file;       // file key
  std::string_view signature;  // of context_line; empty when there is no usable one
  std::string_view key;        // empty: cannot contribute
  std::uint64_t key_hash = 0;
  Platform platform = Platform::kOther;
  bool has_function = false;
  bool minified = false;     // JavaScript without source map, from a bundle
  bool mapped = false;       // a source map was applied
  bool page = false;         // the file is a document
  bool silent = false;       // never contributes, whatever rules say
  std::string_view package;  // native: file key of the package
  const FrameLook* look = nullptr;
  const RuleBits* built_in_bits = nullptr;
  const RuleBits* project_bits = nullptr;  // null: the event's project has no rules
};

// Per thread: raw frame -> normalised frame. Real traffic repeats frames heavily, so most lookups
// hit. Exact: an entry is used only if every raw byte is equal. Holds at most kMemoSlots entries of
// at most kMemoRawBytesMax each.
class FrameMemo {
 public:
  FrameMemo();

  void BeginEvent();  // frames handed out before may go
  // project: rules whose answers the frame must carry; null: none.
  const NormalFrame& Normalize(const Frame& frame, std::string_view event_platform,
                               const StackProgram* project);

 private:
  struct Entry {
    std::string raw;
    std::string text;  // what the views point into
    NormalFrame frame;
    std::optional<FrameLook> look;
    RuleBits built_in_bits;
    RuleBits project_bits;
    std::uint64_t project = 0;  // whose answers project_bits are
  };

  const NormalFrame& Answered(Entry& entry, const StackProgram* project);
  static std::unique_ptr<Entry> Make(const Frame& frame, Platform platform, bool mapped);

  std::vector<std::unique_ptr<Entry>> slots_;
  std::vector<std::unique_ptr<Entry>> retired_;  // replaced while the event still uses them
  std::string raw_;
};

inline constexpr std::size_t kMemoSlots = 8192;
inline constexpr std::size_t kMemoRawBytesMax = 2048;
inline constexpr std::size_t kNameBytesMax = 1024;  // longer names are cut before normalising

}  // namespace mishap::g1
