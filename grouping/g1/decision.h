// What g1 decided about one event: the parts that count, the parts that do not and why, and the
// canonical content made of the former. Keys and explanation are both read from it, so that they
// cannot disagree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "grouping/g1/exception_plan.h"
#include "grouping/g1/exception_type.h"
#include "grouping/g1/fingerprint.h"
#include "grouping/g1/parameterise.h"
#include "grouping/g1/security.h"
#include "grouping/g1/stack_choice.h"
#include "grouping/grouping.h"

namespace mishap::g1 {

enum class Ground : std::uint8_t {
  kChecksum,
  kCustom,
  kStack,
  kText,  // an exception without a stack that says anything
  kMessage,
  kThreads,
  kTemplate,
  kSecurity,
  kFallback,
};
std::string_view GroundName(Ground ground);

// A text with its variable parts replaced.
struct ReadText {
  std::string storage;        // keeps `cut` alive
  std::string_view cut;       // what was looked at
  std::string parameterised;  // what counts
  std::vector<TextToken> tokens;

  void Clear();
};

// The code inside the first kept token: "429" of "status code 429", "ora-00942" whole; or empty.
std::string FirstCode(const ReadText& text);

// One exception that counts.
struct ExceptionPart {
  PlannedException planned;
  TypePart type;
  StackChoice stack;
  ReadText text;
  bool text_counts = false;  // in the content; otherwise only in M and PM
  std::string code;          // of the text, where no frame is ours; or empty
};

struct Decision {
  Ground ground = Ground::kFallback;      // of the default content
  Ground decided_by = Ground::kFallback;  // with fingerprint and checksum
  bool weak = false;
  ExceptionPlan plan;
  std::vector<std::unique_ptr<ExceptionPart>>
      parts;  // reused between events: the first parts_used are this event's
  std::size_t parts_used = 0;
  StackChoice stack;  // of a message or a thread
  const Thread* thread = nullptr;
  ReadText message;
  SecurityPart security;
  std::string template_file;
  std::string template_statement;
  Fingerprint fingerprint;

  std::string content;         // items of the default content (spec 9, 11)
  std::string_view statement;  // of the crash; joins S
  std::string_view text;       // joins M and PM

  void Clear();
  const ExceptionPart* MainPart() const;  // null: the event has no exception that counts
};

// Keys of the decision (spec 13). buffer: scratch.
GroupingKeys MakeKeys(const Event& event, const Decision& decision, std::string& buffer);

}  // namespace mishap::g1
